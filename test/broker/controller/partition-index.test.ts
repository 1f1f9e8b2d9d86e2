import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginControlledShutdown, endPreviousLife, fenceBroker, unfenceBroker } from '../../../src/broker/controller/broker-changes.js';
import { type BrokerImage, type MetadataImage, NO_LEADER, type PartitionImage } from '../../../src/broker/controller/image.js';
import { decideCreateTopics, decideDeleteTopics } from '../../../src/broker/controller/topics.js';
import { ZERO_UUID } from '../../../src/model/uuid.js';
import { createControlledCluster } from './controlled-cluster.js';

const brokerIds = [1, 2, 3, 4];

/** What the index should say, found by a look at every partition. */
const concerned = (image: MetadataImage, isConcerned: (partition: PartitionImage) => boolean) =>
  new Set(
    [...image.topics.byId.values()].flatMap(({ id, partitions }) =>
      partitions.flatMap((partition, number) => (isConcerned(partition) ? [`${id}-${number}`] : [])),
    ),
  );
const indexed = (partitions: ReadonlyMap<string, ReadonlySet<number>>) =>
  new Set([...partitions].flatMap(([id, numbers]) => [...numbers].map((number) => `${id}-${number}`)));

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom('fence', 'unfence', 'shutDown', 'loseData'), broker: fc.constantFrom(...brokerIds) }),
    fc.record({ kind: fc.constantFrom('create', 'delete'), topic: fc.constantFrom('a', 'b', 'c'), factor: fc.integer({ min: 1, max: 4 }) }),
  ),
  { maxLength: 40 },
);

describe('the index of partitions', () => {
  it('tells of each broker what a look at every partition would', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { image, context, replay, apply } = createControlledCluster({
          ...{ racks: [null, null, null, null], configs: { 'min.insync.replicas': '2' } },
        });
        for (const step of all) {
          if ('broker' in step) {
            const broker = image.brokers.get(step.broker) as BrokerImage;
            if (step.kind === 'fence') replay(...fenceBroker(context, broker).records);
            if (step.kind === 'unfence') replay(...unfenceBroker(context, broker).records);
            if (step.kind === 'shutDown') replay(...beginControlledShutdown(context, broker).records);
            if (step.kind === 'loseData') replay(...endPreviousLife({ ...context, isAlive: () => true }, step.broker, false).records);
          } else if (step.kind === 'create') {
            const topic = { name: step.topic, numPartitions: 3, replicationFactor: step.factor, assignments: [], configs: [] };
            apply(decideCreateTopics(context, { topics: [topic], timeoutMs: 1, validateOnly: false }));
          } else {
            const topics = [{ name: step.topic, topicId: ZERO_UUID }];
            apply(decideDeleteTopics(context, { topics, topicNames: [], timeoutMs: 1 }, 6));
          }
          for (const id of [NO_LEADER, ...brokerIds]) {
            expect(indexed(image.partitionsOf.ledBy(id))).toEqual(concerned(image, ({ leader }) => leader === id));
            expect(indexed(image.partitionsOf.withIsrMember(id))).toEqual(concerned(image, ({ isr }) => isr.includes(id)));
            expect(indexed(image.partitionsOf.withElrMember(id))).toEqual(concerned(image, ({ elr }) => elr.includes(id)));
          }
          // Who leads is in sync; who is eligible is not; both are replicas.
          for (const { partitions } of image.topics.byId.values()) {
            for (const { leader, isr, elr, replicas } of partitions) {
              if (leader !== NO_LEADER) expect(isr).toContain(leader);
              expect(elr.filter((id) => isr.includes(id) || !replicas.includes(id))).toEqual([]);
            }
          }
        }
      }),
    );
  });
});
