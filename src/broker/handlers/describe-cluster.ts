import { errorCode } from '../../model/error-code.js';
import { describeCluster } from '../../protocol/messages/describe-cluster.js';
import type { BrokerContext } from '../server/broker-context.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';
import { allClusterOperations, OPERATIONS_NOT_ASKED } from './authorized-operations.js';
import { anyAliveBroker } from './partition-metadata.js';

const EndpointType = { brokers: 1, controllers: 2 } as const;

/**
 * DescribeCluster on the client listener: the brokers, with any live one as the controller (KIP-700).
 *
 * - 1: the endpoint type (KIP-919); 2: fenced brokers too (KIP-1073).
 */
export const describeClusterHandler = handler<BrokerContext>()({
  api: describeCluster,
  handle: ({ metadata, clusterId, environment }, { endpointType, includeFencedBrokers, includeClusterAuthorizedOperations }) => {
    if (endpointType !== EndpointType.brokers) return mismatch(endpointType, 'brokers');
    return {
      throttleTimeMs: 0,
      errorCode: 0,
      endpointType,
      clusterId,
      controllerId: anyAliveBroker(metadata, environment.random.uniform),
      brokers: [...metadata.brokers.values()]
        .filter(({ isFenced }) => includeFencedBrokers || !isFenced)
        .flatMap(({ id, endPoints, rack, isFenced }) =>
          endPoints.slice(0, 1).map(({ host, port }) => ({ brokerId: id, host, port, rack, isFenced })),
        ),
      clusterAuthorizedOperations: includeClusterAuthorizedOperations ? allClusterOperations : OPERATIONS_NOT_ASKED,
    };
  },
});

/** DescribeCluster on the controller listener: the controllers that have registered, with the active one (KIP-919). */
export const describeControllersHandler = handler<ControllerContext>()({
  api: describeCluster,
  handle: ({ quorum, clusterId, metadata }, { endpointType, includeClusterAuthorizedOperations }) => {
    if (endpointType !== EndpointType.controllers) return mismatch(endpointType, 'controllers');
    return {
      throttleTimeMs: 0,
      errorCode: 0,
      endpointType,
      clusterId,
      controllerId: quorum.leaderId,
      brokers: [...metadata.controllers.values()].flatMap(({ id, endPoints }) =>
        endPoints.slice(0, 1).map(({ host, port }) => ({ brokerId: id, host, port })),
      ),
      clusterAuthorizedOperations: includeClusterAuthorizedOperations ? allClusterOperations : OPERATIONS_NOT_ASKED,
    };
  },
});

/** Source: AuthHelper.computeDescribeClusterResponse. */
function mismatch(endpointType: number, here: keyof typeof EndpointType) {
  const isKnown = Object.values<number>(EndpointType).includes(endpointType);
  const name = (type: number): string => (type === EndpointType.brokers ? 'BROKER' : 'CONTROLLER');
  return {
    throttleTimeMs: 0,
    errorCode: errorCode(isKnown ? 'MISMATCHED_ENDPOINT_TYPE' : 'UNSUPPORTED_ENDPOINT_TYPE'),
    errorMessage: isKnown
      ? `The request was sent to an endpoint of type ${name(EndpointType[here])}, but we wanted an endpoint of type ${name(endpointType)}`
      : `Unsupported endpoint type ${endpointType}`,
    clusterId: '',
    brokers: [],
  };
}
