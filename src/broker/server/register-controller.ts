import { backoffMs } from '../../client/backoff.js';
import type { Cancel, Environment } from '../../environment/environment.js';
import { errorName } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { createUuid } from '../../model/uuid.js';
import { controllerRegistration } from '../../protocol/messages/controller-registration.js';
import { supportedFeatures } from '../controller/bootstrap.js';
import type { EndPoint } from '../controller/image.js';
import type { MetadataFollower } from '../controller/metadata-follower.js';
import type { ControllerChannel } from './controller-channel.js';

export interface RegisterControllerOptions {
  readonly nodeId: number;
  readonly environment: Environment;
  /** The way to the active controller, which may be this one. */
  readonly controller: Pick<ControllerChannel, 'request'>;
  readonly metadata: Pick<MetadataFollower, 'image' | 'onChange'>;
  readonly endPoints: readonly EndPoint[];
}

/**
 * Registers this node's controller, once in its life: as soon as there is metadata to be registered in, and until the active controller
 * has taken it. Source: ControllerRegistrationManager.
 */
export function registerController({ nodeId, environment, controller, metadata, endPoints }: RegisterControllerOptions): Cancel {
  const { clock, random, log } = environment;
  const incarnationId = createUuid(random.bytes);
  let isOver = false;
  let cancelNext: Cancel = () => {};

  const attempt = async (): Promise<boolean> => {
    try {
      const { errorCode } = await controller.request(controllerRegistration, {
        ...{ controllerId: nodeId, incarnationId, zkMigrationReady: false, listeners: endPoints },
        features: supportedFeatures.map(({ name, minVersion, maxVersion }) => ({
          ...{ name, minSupportedVersion: minVersion, maxSupportedVersion: maxVersion },
        })),
      });
      if (errorCode !== 0) log('warn', `The active controller does not register this one: ${errorName(errorCode)}`);
      return errorCode === 0;
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      return false;
    }
  };
  const register = async (retry: number): Promise<void> => {
    const isRegistered = await attempt();
    if (!isRegistered && !isOver) cancelNext = clock.after(backoffMs(retry, random), () => register(retry + 1));
  };

  let hasBegun = false;
  const begin = (): void => {
    if (hasBegun || metadata.image.features.size === 0) return;
    hasBegun = true;
    void register(0);
  };
  const stop = metadata.onChange(begin);
  begin();
  return () => {
    isOver = true;
    stop();
    cancelNext();
  };
}
