import type {
  ControllerRegistrationRequest,
  ControllerRegistrationResponseInput,
} from '../../protocol/messages/controller-registration.js';
import { metadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { registerControllerRecord } from '../../protocol/metadata-records/register-controller-record.js';
import type { Decision } from './decision.js';

/** A controller tells where it is and what it can do (KIP-919). Source: ClusterControlManager.registerController. */
export function decideControllerRegistration(request: ControllerRegistrationRequest): Decision<ControllerRegistrationResponseInput> {
  const { controllerId, incarnationId, listeners: endPoints, features } = request;
  return {
    records: [metadataRecord(registerControllerRecord, { controllerId, incarnationId, zkMigrationReady: false, endPoints, features })],
    response: { throttleTimeMs: 0, errorCode: 0, errorMessage: null },
  };
}
