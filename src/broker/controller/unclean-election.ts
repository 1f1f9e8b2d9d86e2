import { topicConfigText } from '../config/topic-config.js';
import type { DecisionContext } from './decision.js';
import { ConfigResourceType } from './image.js';

/** Whether the topic takes the loss of records rather than the lack of a leader. */
export function isUncleanElectionAllowed({ image, config }: DecisionContext, topic: string): boolean {
  const settings = image.configs.of(ConfigResourceType.topic, topic);
  return topicConfigText('unclean.leader.election.enable', settings, config).trim().toLowerCase() === 'true';
}
