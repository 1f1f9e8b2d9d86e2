import { KafkaError } from '../../../src/model/errors.js';
import { fetch } from '../../../src/protocol/messages/fetch.js';
import { listOffsets } from '../../../src/protocol/messages/list-offsets.js';
import { offsetForLeaderEpoch } from '../../../src/protocol/messages/offset-for-leader-epoch.js';
import { batchesOf } from '../../../src/protocol/records/record-batch.js';
import { InvariantError } from '../invariants.js';
import { createLeaders, type KnownPartition } from './leaders.js';
import { keepWorking, openClient, type Work } from './work.js';

const OFFSET_OUT_OF_RANGE = new KafkaError('OFFSET_OUT_OF_RANGE').errorCode;
const EARLIEST = -2;
const MAX_BYTES = 1 << 20;

interface Position {
  offset: bigint;
  /** Of the last record that was read; -1 before the first. */
  lastEpoch: number;
  /** In which the position was last found to be in the leader's log. */
  validEpoch: number;
}

/** Reads all partitions, a leader at a time, and checks its place when a partition's leader changes (KIP-320). */
export async function runConsumer(
  work: Work,
  host: string,
  options: { readonly restMs: number; readonly maxWaitMs: number },
): Promise<void> {
  const { dice, counters, observer, trace } = work;
  const working = openClient(work, host, 3000);
  const { client } = working;
  const leaders = createLeaders(work, working);
  const positions = new Map<string, Position>();
  const positionOf = ({ topicId, partition }: KnownPartition): Position => {
    const key = `${topicId} ${partition}`;
    const position = positions.get(key) ?? { offset: 0n, lastEpoch: -1, validEpoch: -1 };
    positions.set(key, position);
    return position;
  };

  const validate = async (known: KnownPartition, position: Position): Promise<void> => {
    const { topic, topicId, partition, leader, leaderEpoch } = known;
    counters.operations++;
    const asked = { partition, currentLeaderEpoch: leaderEpoch, leaderEpoch: position.lastEpoch };
    const { topics } = await client.request(offsetForLeaderEpoch, { topics: [{ topic, partitions: [asked] }] }, { to: { broker: leader } });
    const { errorCode, endOffset } = topics[0]!.partitions[0]!;
    if (errorCode !== 0) return leaders.forget();
    position.validEpoch = leaderEpoch;
    if (endOffset < 0n || endOffset >= position.offset) return;
    trace.add(host, 'goes back on', topic, partition, 'from', position.offset, 'to', endOffset);
    const history = observer.metadata.partition(topicId, partition);
    if (history !== undefined && !history.hasLost) {
      throw new InvariantError(
        '2 committed record changed',
        `${topic}-${partition}: read up to ${position.offset}, and epoch ${position.lastEpoch} ends at ${endOffset}`,
      );
    }
    position.offset = endOffset;
  };
  const seekEarliest = async ({ topic, partition, leader, leaderEpoch }: KnownPartition, position: Position): Promise<void> => {
    counters.operations++;
    const partitions = [{ partitionIndex: partition, currentLeaderEpoch: leaderEpoch, timestamp: EARLIEST }];
    const { topics } = await client.request(
      listOffsets,
      { replicaId: -1, isolationLevel: 0, topics: [{ name: topic, partitions }] },
      {
        to: { broker: leader },
      },
    );
    const answer = topics[0]!.partitions[0]!;
    if (answer.errorCode !== 0) return leaders.forget();
    position.offset = answer.offset;
    position.lastEpoch = -1;
  };

  await keepWorking(
    work,
    working,
    () => options.restMs * work.pace(),
    async () => {
      const partitions = await leaders.partitions();
      const led = partitions.filter(({ leader }) => leader >= 0);
      if (led.length < partitions.length || led.length === 0) leaders.forget();
      if (led.length === 0) return;
      const { leader } = dice.pick(led);
      const wanted = led.filter((each) => each.leader === leader);
      for (const known of wanted) {
        const position = positionOf(known);
        if (position.lastEpoch >= 0 && position.validEpoch < known.leaderEpoch) await validate(known, position);
      }
      counters.operations++;
      const topics = wanted.map((known) => {
        const { offset } = positionOf(known);
        const { topicId, partition, leaderEpoch } = known;
        return { topicId, partitions: [{ partition, currentLeaderEpoch: leaderEpoch, fetchOffset: offset, partitionMaxBytes: MAX_BYTES }] };
      });
      const { responses } = await client
        .request(fetch, { maxWaitMs: options.maxWaitMs, minBytes: 1, topics }, { to: { broker: leader } })
        .catch((error: unknown) => {
          leaders.forget();
          throw error;
        });
      for (const { topicId, partitions: answers } of responses) {
        for (const { partitionIndex, errorCode, records } of answers) {
          const known = wanted.find((each) => each.topicId === topicId && each.partition === partitionIndex) as KnownPartition;
          const position = positionOf(known);
          if (errorCode === OFFSET_OUT_OF_RANGE) await seekEarliest(known, position);
          else if (errorCode !== 0) leaders.forget();
          else if (records !== null && records.byteLength > 0) {
            observer.consumed(topicId, partitionIndex, records);
            for (const batch of batchesOf(records)) {
              position.offset = batch.lastOffset + 1n;
              position.lastEpoch = batch.partitionLeaderEpoch;
            }
            trace.add(host, 'reads', known.topic, partitionIndex, 'to', position.offset);
          }
        }
      }
    },
  );
}
