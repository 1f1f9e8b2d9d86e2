import type { Environment } from '../../environment/environment.js';
import type { Uuid } from '../../model/uuid.js';
import type { Controller } from '../controller/controller.js';
import type { MetadataImage } from '../controller/image.js';
import type { QuorumNode } from '../controller/quorum.js';
import type { AdvertisedApi } from './api-table.js';
import type { Dispatcher } from './dispatcher.js';

/** What the node offers to the handlers of its controller listener. */
export interface ControllerContext {
  readonly nodeId: number;
  readonly clusterId: Uuid;
  readonly environment: Environment;
  readonly controller: Controller;
  readonly quorum: QuorumNode;
  /** Committed metadata, for what needs no active controller. */
  readonly metadata: MetadataImage;
  /** What ApiVersions answers on the controller listener. */
  readonly advertisedApis: readonly AdvertisedApi[];
  /** Answers a request that came in an Envelope. */
  readonly dispatch: Dispatcher;
}
