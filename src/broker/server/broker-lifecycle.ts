import type { Cancel, Environment } from '../../environment/environment.js';
import { errorName } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { createUuid, type Uuid } from '../../model/uuid.js';
import { brokerHeartbeat } from '../../protocol/messages/broker-heartbeat.js';
import { brokerRegistration } from '../../protocol/messages/broker-registration.js';
import { supportedFeatures } from '../controller/bootstrap.js';
import type { EndPoint } from '../controller/image.js';
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
  readonly metadata: MetadataFollower;
  readonly heartbeatIntervalMs: () => number;
  readonly sessionTimeoutMs: () => number;
}

/** One life of a broker in its cluster. Source: BrokerLifecycleManager. */
export interface BrokerLifecycle {
  /** -1 before registration. */
  readonly brokerEpoch: () => number;
  /**
   * Registers, catches up with all that was committed by then, does the work of `onCaughtUp`, and is unfenced. Rejects with KafkaError
   * where the controller refuses.
   */
  readonly begin: (onCaughtUp: () => Promise<void>) => Promise<void>;
  /** Hands its leaderships over, as far as others can take them, and is fenced. Gives up after a session timeout. */
  readonly end: () => Promise<void>;
}

/** Between two heartbeats while leaders move away. */
const SHUTDOWN_HEARTBEAT_MS = 10;

export function createBrokerLifecycle(options: BrokerLifecycleOptions): BrokerLifecycle {
  const { nodeId, environment, controller, metadata } = options;
  const { clock, log } = environment;
  let brokerEpoch = -1;
  let isEnding = false;
  let cancelNext: Cancel = () => {};
  let lastProblem = '';
  /** Says it once, not with each heartbeat. */
  const say = (problem: string): void => {
    if (problem !== '' && problem !== lastProblem) log('warn', problem);
    lastProblem = problem;
  };

  const register = async (): Promise<void> => {
    const { errorCode, brokerEpoch: epoch } = await controller.request(brokerRegistration, {
      brokerId: nodeId,
      clusterId: options.clusterId,
      incarnationId: createUuid(environment.random.bytes),
      listeners: options.endPoints,
      features: supportedFeatures.map(({ name, minVersion, maxVersion }) => ({
        name,
        minSupportedVersion: minVersion,
        maxSupportedVersion: maxVersion,
      })),
      rack: options.rack,
      logDirs: [options.directoryId],
      previousBrokerEpoch: options.previousBrokerEpoch,
    });
    if (errorCode !== 0) throw new KafkaError(errorName(errorCode));
    brokerEpoch = epoch;
  };
  const heartbeat = (wantShutDown: boolean) =>
    controller.request(
      brokerHeartbeat,
      { brokerId: nodeId, brokerEpoch, currentMetadataOffset: metadata.image.offset, wantFence: false, wantShutDown },
      { timeoutMs: options.sessionTimeoutMs() },
    );
  const beatAgain = (): void => {
    if (isEnding) return;
    cancelNext = clock.after(options.heartbeatIntervalMs(), async () => {
      try {
        const { errorCode } = await heartbeat(false);
        say(errorCode === 0 ? '' : `The controller refuses this broker's heartbeat: ${errorName(errorCode)}`);
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        if (!isEnding) say(error.message);
      }
      beatAgain();
    });
  };

  return {
    brokerEpoch: () => brokerEpoch,
    begin: async (onCaughtUp) => {
      await register();
      await metadata.reached(BigInt(brokerEpoch));
      await onCaughtUp();
      const { errorCode, isFenced } = await heartbeat(false);
      if (errorCode !== 0) throw new KafkaError(errorName(errorCode));
      if (isFenced) throw new KafkaError('UNKNOWN_SERVER_ERROR', `The controller keeps broker ${nodeId} fenced`);
      await isUnfencedIn(metadata, nodeId);
      beatAgain();
    },
    end: async () => {
      isEnding = true;
      cancelNext();
      if (brokerEpoch < 0) return;
      const endMs = clock.monotonicMs() + options.sessionTimeoutMs();
      try {
        while (clock.monotonicMs() < endMs) {
          const { errorCode, shouldShutDown } = await heartbeat(true);
          if (errorCode !== 0) throw new KafkaError(errorName(errorCode));
          if (shouldShutDown) return;
          await new Promise<void>((resolve) => clock.after(SHUTDOWN_HEARTBEAT_MS, resolve));
        }
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        log('warn', `Stopping without the controller's leave: ${error.message}`);
      }
    },
  };
}

/** The image shows the broker as one that may lead. */
function isUnfencedIn(metadata: MetadataFollower, nodeId: number): Promise<void> {
  const isUnfenced = () => metadata.image.brokers.get(nodeId)?.isFenced === false;
  if (isUnfenced()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = metadata.onChange(() => {
      if (!isUnfenced()) return;
      stop();
      resolve();
    });
  });
}
