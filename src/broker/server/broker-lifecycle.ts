import { backoffMs } from '../../client/backoff.js';
import type { Cancel, Environment } from '../../environment/environment.js';
import { errorName } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { createUuid, type Uuid } from '../../model/uuid.js';
import { brokerHeartbeat } from '../../protocol/messages/broker-heartbeat.js';
import { brokerRegistration } from '../../protocol/messages/broker-registration.js';
import { supportedFeatures } from '../controller/bootstrap.js';
import type { BrokerImage, EndPoint } from '../controller/image.js';
import type { MetadataFollower } from '../controller/metadata-follower.js';
import type { ControllerChannel } from './controller-channel.js';

export interface BrokerLifecycleOptions {
  readonly nodeId: number;
  readonly clusterId: Uuid;
  readonly rack: string | null;
  readonly endPoints: readonly EndPoint[];
  readonly directoryId: Uuid;
  /** Of the last life that ended in order, -1 where there is none (KIP-966). */
  readonly previousBrokerEpoch: number;
  readonly environment: Environment;
  readonly controller: ControllerChannel;
  readonly metadata: Pick<MetadataFollower, 'image' | 'onChange'>;
  readonly registrationTimeoutMs: () => number;
  readonly heartbeatIntervalMs: () => number;
  readonly sessionTimeoutMs: () => number;
}

/** One life of a broker in its cluster. Source: BrokerLifecycleManager. */
export interface BrokerLifecycle {
  /** -1 before registration. */
  readonly brokerEpoch: () => number;
  /**
   * Registers, catches up with all that was committed by then, does the work of `onCaughtUp`, and is unfenced. From then on its heart
   * beats until the end, whatever the controller answers. Rejects with KafkaError where the controller refuses to register it or is not
   * found in time, and where the life ends before.
   */
  readonly begin: (onCaughtUp: () => Promise<void>) => Promise<void>;
  /** Hands its leaderships over, as far as others can take them, and is fenced. Gives up after a session timeout. */
  readonly end: () => Promise<void>;
  /** Its heart beats no more, and `end` asks nobody: whoever could fence it stops as well. */
  readonly abandon: () => void;
}

/** Between two answers that it may not stop yet, each of which took as long as the controller could wait. */
const SHUTDOWN_PAUSE_MS = 10;

export function createBrokerLifecycle(options: BrokerLifecycleOptions): BrokerLifecycle {
  const { nodeId, environment, controller, metadata } = options;
  const { clock, random, log } = environment;
  // One for the whole life: a registration whose answer was lost is the same when it is sent again, to another controller too.
  const incarnationId = createUuid(random.bytes);
  let brokerEpoch = -1;
  let isRunning = false;
  let isEnding = false;
  /** Its logs are. */
  let isOpen = false;
  let isAbandoned = false;
  let isBeating = false;
  let isBeatWanted = false;
  let cancelNext: Cancel = () => {};
  let lastProblem = '';
  const onEnding = new Set<() => void>();

  /** Says it once, not with each heartbeat. */
  const say = (problem: string): void => {
    if (problem !== '' && problem !== lastProblem) log('warn', problem);
    lastProblem = problem;
  };
  const self = (): BrokerImage | undefined => metadata.image.brokers.get(nodeId);

  /** Resolves when metadata shows it, or after `timeoutMs`. Rejects where the life ends. */
  const shown = (condition: () => boolean, timeoutMs?: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const conclude = (settle: () => void): void => {
        stop();
        cancel();
        onEnding.delete(abort);
        settle();
      };
      const abort = () => conclude(() => reject(new KafkaError('BROKER_NOT_AVAILABLE', `Broker ${nodeId} stops`)));
      const look = () => condition() && conclude(resolve);
      const cancel = timeoutMs === undefined ? () => {} : clock.after(timeoutMs, () => conclude(resolve));
      const stop = metadata.onChange(look);
      onEnding.add(abort);
      if (isEnding) abort();
      else look();
    });

  const register = async (): Promise<void> => {
    const endMs = clock.monotonicMs() + options.registrationTimeoutMs();
    for (let retry = 0; ; retry++) {
      const request = {
        ...{ brokerId: nodeId, clusterId: options.clusterId, incarnationId, rack: options.rack },
        listeners: options.endPoints,
        features: supportedFeatures.map(({ name, minVersion: minSupportedVersion, maxVersion: maxSupportedVersion }) => ({
          ...{ name, minSupportedVersion, maxSupportedVersion },
        })),
        logDirs: [options.directoryId],
        previousBrokerEpoch: options.previousBrokerEpoch,
      };
      const timeoutMs = endMs - clock.monotonicMs();
      const { errorCode, brokerEpoch: epoch } = await controller.request(brokerRegistration, request, { timeoutMs });
      if (errorCode === 0) {
        brokerEpoch = epoch;
        return;
      }
      const delayMs = backoffMs(retry, random);
      const mayPass = errorName(errorCode) === 'DUPLICATE_BROKER_REGISTRATION' && clock.monotonicMs() + delayMs < endMs;
      if (!mayPass) throw new KafkaError(errorName(errorCode));
      // A life before this one was killed and still has its session.
      await shown(() => self()?.isFenced === true, delayMs);
    }
  };

  const heartbeat = (wantShutDown: boolean, timeoutMs: number, currentMetadataOffset = metadata.image.offset) =>
    controller.request(
      brokerHeartbeat,
      { brokerId: nodeId, brokerEpoch, currentMetadataOffset, wantFence: false, wantShutDown },
      { timeoutMs },
    );
  /** Null where it failed, which is said. */
  const tryHeartbeat = async (currentMetadataOffset?: bigint): Promise<{ readonly isFenced: boolean } | null> => {
    try {
      const { errorCode, isFenced } = await heartbeat(false, options.sessionTimeoutMs(), currentMetadataOffset);
      say(errorCode === 0 ? '' : `The controller refuses this broker's heartbeat: ${errorName(errorCode)}`);
      return errorCode === 0 ? { isFenced } : null;
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      if (!isEnding) say(error.message);
      return null;
    }
  };
  const beat = async (): Promise<void> => {
    cancelNext();
    isBeating = true;
    isBeatWanted = false;
    await tryHeartbeat();
    isBeating = false;
    if (!isEnding) cancelNext = clock.after(isBeatWanted ? 0 : options.heartbeatIntervalMs(), beat);
  };
  /**
   * While it opens its logs, however long that takes, the controller hears that it lives. It has no metadata then, as far as it says: so it
   * stays fenced, and a heartbeat that comes late, when it is fenced no more, does nothing.
   */
  const beatFenced = async (): Promise<void> => {
    await tryHeartbeat(-1n);
    if (!isEnding && !isOpen) cancelNext = clock.after(options.heartbeatIntervalMs(), beatFenced);
  };
  // A broker that wants to stop waits until all others know of it, so they tell at once.
  const stopListening = metadata.onChange(({ changedBrokers }) => {
    const isOtherStopping = [...changedBrokers].some((id) => id !== nodeId && isStopping(metadata.image.brokers.get(id)));
    if (!isRunning || !isOtherStopping) return;
    if (isBeating) isBeatWanted = true;
    else void beat();
  });

  const stopBeating = (): void => {
    isEnding = true;
    isRunning = false;
    cancelNext();
    stopListening();
    for (const abort of onEnding) abort();
  };

  return {
    brokerEpoch: () => brokerEpoch,
    begin: async (onCaughtUp) => {
      await register();
      await shown(() => metadata.image.offset >= BigInt(brokerEpoch));
      cancelNext = clock.after(options.heartbeatIntervalMs(), beatFenced);
      await onCaughtUp();
      isOpen = true;
      cancelNext();
      while ((await tryHeartbeat())?.isFenced !== false) await shown(isUnfenced, options.heartbeatIntervalMs());
      isRunning = true;
      cancelNext = clock.after(options.heartbeatIntervalMs(), beat);
      await shown(isUnfenced);
    },
    end: async () => {
      stopBeating();
      if (brokerEpoch < 0 || isAbandoned) return;
      const endMs = clock.monotonicMs() + options.sessionTimeoutMs();
      try {
        for (let remainingMs = endMs - clock.monotonicMs(); remainingMs > 0; remainingMs = endMs - clock.monotonicMs()) {
          const { errorCode, shouldShutDown } = await heartbeat(true, remainingMs);
          if (errorCode !== 0) throw new KafkaError(errorName(errorCode));
          if (shouldShutDown) return;
          await new Promise<void>((resolve) => clock.after(SHUTDOWN_PAUSE_MS, resolve));
        }
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        log('warn', `Stopping without the controller's leave: ${error.message}`);
      }
    },
    abandon: () => {
      isAbandoned = true;
      stopBeating();
    },
  };

  function isUnfenced(): boolean {
    const broker = self();
    return broker?.epoch === brokerEpoch && !broker.isFenced;
  }
}

const isStopping = (broker: BrokerImage | undefined): boolean => broker?.isInControlledShutdown === true && !broker.isFenced;
