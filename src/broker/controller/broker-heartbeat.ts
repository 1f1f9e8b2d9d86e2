import type { BrokerHeartbeatRequest, BrokerHeartbeatResponseInput } from '../../protocol/messages/broker-heartbeat.js';
import { beginControlledShutdown, fenceBroker, unfenceBroker } from './broker-changes.js';
import { checkBrokerEpoch } from './broker-epoch.js';
import { type DecisionContext, type DecisionStep, noStep, type Step } from './decision.js';
import type { BrokerImage } from './image.js';

/** What the active controller remembers of brokers that speak to it, beside the metadata. */
export interface HeartbeatContext extends DecisionContext {
  /** End of the log after the broker's leaderships went to others, so that it may stop; null where it is not stopping. */
  readonly shutdownOffset: bigint | null;
  /** How far the slowest broker that is active has come with the metadata; null where none is. */
  readonly lowestActiveOffset: bigint | null;
  /** The step that this request came to before was not the last of its change. Default: false. */
  readonly isUnfinished?: boolean;
}

/** Kafka's BrokerControlState, which a heartbeat moves a broker to. */
export type BrokerControlState = 'fenced' | 'unfenced' | 'controlled shutdown' | 'shutdown now';

/**
 * What becomes of a broker that says it is alive. Throws KafkaError STALE_BROKER_EPOCH, also where it is not registered.
 * Source: ReplicationControlManager.processBrokerHeartbeat.
 */
export function decideBrokerHeartbeat(
  context: HeartbeatContext,
  request: BrokerHeartbeatRequest,
): DecisionStep<BrokerHeartbeatResponseInput> & { readonly next: BrokerControlState } {
  const { brokerId, brokerEpoch, currentMetadataOffset } = request;
  checkBrokerEpoch(context.image, brokerId, brokerEpoch);
  const broker = context.image.brokers.get(brokerId) as BrokerImage;
  const isCaughtUp = currentMetadataOffset >= broker.registrationOffset;
  const state = stateOf(context, broker);
  const next = nextState(context, broker, request, isCaughtUp);
  const response = {
    throttleTimeMs: 0,
    errorCode: 0,
    isCaughtUp,
    isFenced: next === 'fenced' || next === 'shutdown now',
    shouldShutDown: next === 'shutdown now',
  };
  const step = state === next && context.isUnfinished !== true ? noStep : stepTo(context, broker, next);
  return { ...step, response, next };
}

const stateOf = ({ shutdownOffset }: HeartbeatContext, { isFenced }: BrokerImage): BrokerControlState =>
  shutdownOffset !== null ? 'controlled shutdown' : isFenced ? 'fenced' : 'unfenced';

/** Source: BrokerHeartbeatManager.calculateNextBrokerState. */
function nextState(
  context: HeartbeatContext,
  broker: BrokerImage,
  { wantFence, wantShutDown }: BrokerHeartbeatRequest,
  isCaughtUp: boolean,
): BrokerControlState {
  const { image, shutdownOffset, lowestActiveOffset } = context;
  const leads = (): boolean => image.partitionsOf.ledBy(broker.id).size > 0;
  switch (stateOf(context, broker)) {
    case 'fenced':
      if (wantShutDown) return 'shutdown now';
      return wantFence || !isCaughtUp ? 'fenced' : 'unfenced';
    case 'unfenced':
      if (wantFence) return wantShutDown ? 'shutdown now' : 'fenced';
      // One that is known to be stopping may lead nothing any more without the others' knowing.
      if (wantShutDown) return leads() || broker.isInControlledShutdown ? 'controlled shutdown' : 'shutdown now';
      return 'unfenced';
    default: {
      // It goes on serving until all others know who leads in its place.
      const isKnown = lowestActiveOffset === null || (shutdownOffset ?? 0n) <= lowestActiveOffset;
      return !leads() && isKnown ? 'shutdown now' : 'controlled shutdown';
    }
  }
}

function stepTo(context: DecisionContext, broker: BrokerImage, next: BrokerControlState): Step {
  switch (next) {
    case 'unfenced':
      return unfenceBroker(context, broker);
    case 'controlled shutdown':
      return beginControlledShutdown(context, broker);
    default:
      return fenceBroker(context, broker);
  }
}
