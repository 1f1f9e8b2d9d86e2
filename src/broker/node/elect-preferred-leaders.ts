import type { Environment } from '../../environment/environment.js';
import { errorName } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { electLeaders } from '../../protocol/messages/elect-leaders.js';
import type { MetadataImage } from '../controller/image.js';
import type { ControllerChannel } from '../server/controller-channel.js';

/** Asked for at once: no decision of the controller should hold its loop for long. */
const MAX_ELECTIONS = 500;
const PREFERRED = 0;

/**
 * Has the controller elect each preferred leader that is in sync and does not lead, as auto.leader.rebalance.enable does after minutes. Where
 * it cannot, the others go on leading, with a line in the node's log.
 */
export async function electPreferredLeaders(
  { log }: Pick<Environment, 'log'>,
  metadata: MetadataImage,
  controller: Pick<ControllerChannel, 'request'>,
): Promise<void> {
  const misled = [...metadata.topics.byId.values()].flatMap(({ name, partitions }) =>
    partitions.flatMap(({ leader, replicas: [preferred], isr }, partition) =>
      preferred !== undefined && leader !== preferred && isr.includes(preferred) ? [{ topic: name, partition }] : [],
    ),
  );
  for (let first = 0; first < misled.length; first += MAX_ELECTIONS) {
    const partitionsOf = new Map<string, number[]>();
    for (const { topic, partition } of misled.slice(first, first + MAX_ELECTIONS)) {
      partitionsOf.set(topic, [...(partitionsOf.get(topic) ?? []), partition]);
    }
    const topicPartitions = [...partitionsOf].map(([topic, partitions]) => ({ topic, partitions }));
    try {
      // Of single partitions nothing need be said: a replica may have fallen behind since.
      const { errorCode } = await controller.request(electLeaders, { electionType: PREFERRED, topicPartitions });
      if (errorCode !== 0) throw new KafkaError(errorName(errorCode));
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      log('warn', `No preferred leaders are elected: ${error.message}`);
      return;
    }
  }
}
