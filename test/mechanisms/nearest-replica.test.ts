import { describe, expect, it } from 'vitest';
import { errorName } from '../../src/model/error-code.js';
import { fetch } from '../../src/protocol/messages/fetch.js';
import { decodeRecords } from '../../src/protocol/records/decode-batch.js';
import { waitFor } from '../support/wait-for.js';
import { type Topic, useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

/** As a consumer that stands in the rack. Brokers 1 and 3 stand in r1, broker 2 in r2. */
async function consume(broker: number, topic: Topic, rackId: string) {
  const partitions = [{ partition: 0, currentLeaderEpoch: -1, fetchOffset: 0n, partitionMaxBytes: 1 << 20 }];
  const topics = [{ topic: topic.name, topicId: topic.id, partitions }];
  const { responses } = await on.wire.ask(broker, fetch, { maxWaitMs: 0, minBytes: 1, sessionId: 0, sessionEpoch: -1, rackId, topics });
  const { errorCode, preferredReadReplica, records } = responses[0]!.partitions[0]!;
  return {
    error: errorCode === 0 ? 'NONE' : errorName(errorCode),
    nearest: preferredReadReplica,
    values: decodeRecords(records ?? new Uint8Array()).map(({ value }) => Buffer.from(value ?? []).toString()),
  };
}

describe('a fetch from the nearest replica (KIP-392)', () => {
  it('is of the in-sync follower in the rack, to which the leader sends who asks it', async () => {
    const topic = await on.createTopic([[1, 2]]);
    expect(await on.produce(1, topic, ['a', 'b'])).toMatchObject({ error: 'NONE' });
    for (const rack of ['r1', '', 'elsewhere']) {
      expect(await consume(1, topic, rack)).toEqual({ error: 'NONE', nearest: -1, values: ['a', 'b'] });
    }
    expect(await consume(1, topic, 'r2')).toEqual({ error: 'NONE', nearest: 2, values: [] });
    // The follower hears a fetch later of what is committed.
    let answer = await consume(2, topic, 'r2');
    await waitFor(
      async () => {
        answer = await consume(2, topic, 'r2');
        return answer.values.length > 0;
      },
      () => JSON.stringify(answer),
    );
    expect(answer).toEqual({ error: 'NONE', nearest: -1, values: ['a', 'b'] });
  });

  it('is of the leader where nobody in the rack is in sync', async () => {
    const topic = await on.createTopic([[1, 2]]);
    expect(await on.produce(1, topic, ['a'])).toMatchObject({ error: 'NONE' });
    await on.kill(2);
    await on.until(topic, { isr: [1] }, { by: 1 });
    expect(await consume(1, topic, 'r2')).toEqual({ error: 'NONE', nearest: -1, values: ['a'] });
  });
});
