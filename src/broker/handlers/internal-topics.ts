/** Topics that coordinators keep their state in. Kafka's Topic.isInternal. */
const internalTopics: readonly string[] = ['__consumer_offsets', '__transaction_state', '__share_group_state'];

export const isInternalTopic = (topic: string): boolean => internalTopics.includes(topic);
