import { alterConfigs } from '../../protocol/messages/alter-configs.js';
import { incrementalAlterConfigs } from '../../protocol/messages/incremental-alter-configs.js';
import { type ItemError, itemError } from '../controller/decision.js';
import { ConfigResourceType } from '../controller/image.js';
import type { BrokerContext } from '../server/broker-context.js';
import { forwardRequest } from '../server/forward-request.js';
import { handler } from '../server/handler.js';

/**
 * IncrementalAlterConfigs at a broker: configs of another broker are refused, for in Kafka each broker looks at its own before it hands them
 * on; all else goes on to the controller.
 */
export const incrementalAlterConfigsAtBrokerHandler = handler<BrokerContext>()({
  api: incrementalAlterConfigs,
  handle: ({ nodeId, controller }, request, caller) =>
    withoutOthers(nodeId, request.resources, (resources) =>
      forwardRequest(controller, incrementalAlterConfigs, { ...request, resources }, caller),
    ),
});

/** AlterConfigs at a broker, likewise. */
export const alterConfigsAtBrokerHandler = handler<BrokerContext>()({
  api: alterConfigs,
  handle: ({ nodeId, controller }, request, caller) =>
    withoutOthers(nodeId, request.resources, (resources) => forwardRequest(controller, alterConfigs, { ...request, resources }, caller)),
});

interface Resource {
  readonly resourceType: number;
  readonly resourceName: string;
}
type Result = Resource & ItemError;
interface Response {
  readonly throttleTimeMs: number;
  readonly responses: readonly Result[];
}

/** Source: ConfigAdminManager.preprocess, reassembleIncrementalResponse. */
async function withoutOthers<Asked extends Resource>(
  nodeId: number,
  resources: readonly Asked[],
  handOn: (resources: readonly Asked[]) => Promise<Response>,
): Promise<Response> {
  const refused = new Map<Asked, ItemError>();
  for (const resource of resources) {
    const refusal = refusalOf(nodeId, resource);
    if (refusal !== null) refused.set(resource, refusal);
  }
  const others = resources.filter((resource) => !refused.has(resource));
  const { throttleTimeMs, responses } = refused.size > 0 && others.length === 0 ? nothing : await handOn(others);
  const answered = new Map(others.map((resource, index) => [resource, responses[index]]));
  return {
    throttleTimeMs,
    responses: resources.map((resource) => {
      const { resourceType, resourceName } = resource;
      const { errorCode, errorMessage } = refused.get(resource) ?? answered.get(resource) ?? itemError('UNKNOWN_SERVER_ERROR');
      return { resourceType, resourceName, errorCode, errorMessage };
    }),
  };
}
const nothing: Response = { throttleTimeMs: 0, responses: [] };

/** Source: ConfigAdminManager.validateResourceNameIsCurrentNodeId. */
function refusalOf(nodeId: number, { resourceType, resourceName }: Resource): ItemError | null {
  if (resourceType !== ConfigResourceType.broker || resourceName === '') return null;
  if (!/^[+-]?\d+$/.test(resourceName)) return itemError('INVALID_REQUEST', `Node id must be an integer, but it is: ${resourceName}`);
  if (Number(resourceName) === nodeId) return null;
  return itemError('INVALID_REQUEST', `Unexpected broker id, expected ${nodeId}, but received ${resourceName}`);
}
