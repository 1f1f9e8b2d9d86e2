import { type ErrorName, errorCode, failure } from '../../model/error-code.js';
import { type FindCoordinatorResponseInput, findCoordinator } from '../../protocol/messages/find-coordinator.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';

type Coordinator = Omit<NonNullable<FindCoordinatorResponseInput['coordinators']>[number], 'errorMessage'>;

/** Kafka's CoordinatorType. */
const GROUP = 0;

/**
 * FindCoordinator: the broker that leads the group's partition of __consumer_offsets, which is made when it is asked for first.
 *
 * - 1: kinds of coordinators; 4: many keys at once (KIP-699); 6, for share groups, is not served.
 * - Of transactions nobody is a coordinator here yet: INVALID_REQUEST, after which no client asks again.
 */
export const findCoordinatorHandler = handler<BrokerContext>()({
  api: findCoordinator,
  versions: '0-5',
  handle: (context, { key, keyType, coordinatorKeys }, { apiVersion }) => {
    const find = (wanted: string): Coordinator => (keyType === GROUP ? coordinatorOf(context, wanted) : nobody(wanted, 'INVALID_REQUEST'));
    if (apiVersion >= 4)
      return { throttleTimeMs: 0, coordinators: coordinatorKeys.map((wanted) => ({ ...find(wanted), errorMessage: '' })) };
    const { errorCode: code, nodeId, host, port } = find(key);
    const errorMessage = code === 0 ? 'NONE' : messageOf(code);
    return { throttleTimeMs: 0, errorCode: code, errorMessage, nodeId, host, port };
  },
});

function coordinatorOf({ groups, metadata }: BrokerContext, groupId: string): Coordinator {
  const partition = groups.partitionOf(groupId);
  const broker = partition === null ? undefined : metadata.brokers.get(partition.leader);
  const endPoint = broker?.endPoints[0];
  if (broker === undefined || broker.isFenced || endPoint === undefined) return nobody(groupId, 'COORDINATOR_NOT_AVAILABLE');
  return { key: groupId, nodeId: broker.id, host: endPoint.host, port: endPoint.port, errorCode: 0 };
}

const nobody = (key: string, error: ErrorName): Coordinator => ({ key, nodeId: -1, host: '', port: -1, errorCode: errorCode(error) });
const messageOf = (code: number): string =>
  failure(code === errorCode('INVALID_REQUEST') ? 'INVALID_REQUEST' : 'COORDINATOR_NOT_AVAILABLE').message;
