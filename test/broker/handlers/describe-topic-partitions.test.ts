import { describe, expect, it } from 'vitest';
import { decideCreateTopics } from '../../../src/broker/controller/topics.js';
import { describeTopicPartitionsHandler } from '../../../src/broker/handlers/describe-topic-partitions.js';
import { createControlledCluster } from '../controller/controlled-cluster.js';
import { ask, handlerContext } from './handler-context.js';

function cluster() {
  const made = createControlledCluster();
  const sizes = { c: 3, a: 2, b: 1 };
  const topics = Object.entries(sizes).map(([name, numPartitions]) => ({
    name,
    numPartitions,
    replicationFactor: 1,
    assignments: [],
    configs: [],
  }));
  made.apply(decideCreateTopics(made.context, { topics, timeoutMs: 1, validateOnly: false }));
  const context = handlerContext(made.image, { configs: { 'max.request.partition.size.limit': '100' } });
  const page = async (names: readonly string[], limit: number, cursor: { topicName: string; partitionIndex: number } | null) => {
    const topicsAsked = names.map((name) => ({ name }));
    const response = await ask(describeTopicPartitionsHandler, context, 0, { topics: topicsAsked, responsePartitionLimit: limit, cursor });
    const rows = response.topics.flatMap(({ name, errorCode, partitions }) =>
      errorCode === 0 ? partitions.map(({ partitionIndex }) => `${name}-${partitionIndex}`) : [`${name}: ${errorCode}`],
    );
    return { rows, next: response.nextCursor };
  };
  return { page };
}

describe('DescribeTopicPartitions', () => {
  it('gives all, in the order of their names', async () => {
    expect(await cluster().page([], 2000, null)).toEqual({ rows: ['a-0', 'a-1', 'b-0', 'c-0', 'c-1', 'c-2'], next: null });
  });

  it.each([1, 2, 3, 4, 5, 6])('gives each once, %i at a time', async (limit) => {
    const { page } = cluster();
    const rows: string[] = [];
    let cursor: { topicName: string; partitionIndex: number } | null = null;
    do {
      const got: Awaited<ReturnType<typeof page>> = await page([], limit, cursor);
      expect(got.rows.length).toBeLessThanOrEqual(limit);
      rows.push(...got.rows);
      cursor = got.next;
    } while (cursor !== null);
    expect(rows).toEqual(['a-0', 'a-1', 'b-0', 'c-0', 'c-1', 'c-2']);
  });

  it('says which of the names are none', async () => {
    const { page } = cluster();
    expect((await page(['b', 'nope', 'a b'], 10, null)).rows).toEqual(['a b: 17', 'b-0', 'nope: 3']);
    expect((await page([], 10, { topicName: 'bb', partitionIndex: 0 })).rows).toEqual(['c-0', 'c-1', 'c-2']);
  });

  it('refuses a cursor that cannot be', async () => {
    const { page } = cluster();
    await expect(page(['a'], 10, { topicName: 'b', partitionIndex: 0 })).rejects.toThrow('should contain the cursor topic: b');
    await expect(page([], 10, { topicName: 'a', partitionIndex: -1 })).rejects.toThrow('cursor partition must be valid');
  });
});
