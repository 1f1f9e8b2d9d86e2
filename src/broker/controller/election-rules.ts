import { topicConfigText } from '../config/topic-config.js';
import type { DecisionContext } from './decision.js';
import { ConfigResourceType, type TopicImage } from './image.js';

/** What a topic's configs say of its elections. */
export interface ElectionRules {
  /** An ISR below it keeps whom it loses as eligible leaders. No more than the topic has replicas. */
  readonly minIsr: number;
  /** Unclean where the topic takes the loss of records rather than the lack of a leader. */
  readonly election: 'online' | 'unclean';
}

/** Source: ReplicationControlManager.getTopicEffectiveMinIsr, ConfigurationControlManager.uncleanLeaderElectionEnabledForTopic. */
export function electionRules({ image, config }: DecisionContext, { name, partitions }: TopicImage): ElectionRules {
  const settings = image.configs.of(ConfigResourceType.topic, name);
  const isUnclean = topicConfigText('unclean.leader.election.enable', settings, config).trim().toLowerCase() === 'true';
  const minIsr = Number(topicConfigText('min.insync.replicas', settings, config));
  return { minIsr: Math.min(minIsr, partitions[0]?.replicas.length ?? 0), election: isUnclean ? 'unclean' : 'online' };
}
