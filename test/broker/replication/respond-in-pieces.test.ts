import { describe, expect, it } from 'vitest';
import type { TargetRead } from '../../../src/broker/replication/fetch-parameters.js';
import type { FetchAnswer, FetchTarget } from '../../../src/broker/replication/fetch-session.js';
import { FetchSessionCache } from '../../../src/broker/replication/fetch-session-cache.js';
import { isForPieces, respondInPieces } from '../../../src/broker/replication/respond-in-pieces.js';
import type { Clock } from '../../../src/environment/environment.js';
import { slicesOf } from '../../../src/environment/virtual/slices.js';
import { ZERO_UUID } from '../../../src/model/uuid.js';

const PARTITIONS = 1_000;
const noRecords = { errorCode: 0, highWatermark: 0n, lastStableOffset: 0n, logStartOffset: 0n, records: new Uint8Array(0) };

/** A session of many partitions, all of them read; each look at the clock takes a millisecond. */
function fetchMany() {
  const cache = new FetchSessionCache({ maxSessions: 1, monotonicMs: () => 0, uniform: () => 0.5 });
  const epochs = { currentLeaderEpoch: -1, lastFetchedEpoch: -1 };
  const targets = Array.from({ length: PARTITIONS }, (_, partition): FetchTarget => {
    return { topic: 'a', topicId: ZERO_UUID, partition, fetchOffset: 0n, logStartOffset: -1n, maxBytes: 1e6, ...epochs };
  });
  const open = (sessionId: number, sessionEpoch: number, asked: readonly FetchTarget[] = []) => {
    const request = { sessionId, sessionEpoch, followerId: null, usesTopicIds: false, targets: asked, forgotten: [] };
    return cache.open({ ...request, isolation: 'log-end' }, () => 'a');
  };
  const { sessionId } = open(0, 0, targets).respond(targets.map((target) => ({ target, answer: noRecords })));
  const reads = targets.map((target): TargetRead => ({ target, outcome: noRecords, maxBytes: 0 }));
  /** Nothing is new of any other than each tenth. */
  const answer = ({ target }: TargetRead): { readonly target: FetchTarget; readonly answer: FetchAnswer } => ({
    target,
    answer: { ...noRecords, highWatermark: target.partition % 10 === 0 ? 1n : 0n },
  });
  let nowMs = 0;
  let turns = 0;
  /** Called each time that others are served. */
  const inBetween = { work: () => {} };
  const clock: Clock = {
    now: () => nowMs,
    monotonicMs: () => nowMs++,
    beginSlice: slicesOf(() => nowMs++),
    after: (_, task) => {
      turns++;
      inBetween.work();
      task();
      return () => {};
    },
  };
  return { open, sessionId, reads, answer, clock, inBetween, turnCount: () => turns, targets };
}

describe('the answer to a session with thousands that are due', () => {
  it('comes in pieces, and says what one would that is made at once', async () => {
    const { open, sessionId, reads, answer, clock, targets } = fetchMany();
    const fetching = open(sessionId, 1);
    const unknown = { target: { ...targets[0]!, partition: 7 }, answer: { ...noRecords, errorCode: 3 } as FetchAnswer };
    expect([isForPieces(fetching, reads), isForPieces(fetching, reads.slice(0, 250))]).toEqual([true, false]);
    const reply = await respondInPieces(clock, fetching, reads, answer, () => [unknown]);
    expect([reply.error, reply.sessionId]).toEqual([null, sessionId]);
    const tenths = Array.from({ length: PARTITIONS / 10 }, (_, index) => index * 10);
    expect(reply.results.map(({ target }) => target.partition)).toEqual([...tenths, 7]);
    expect(
      (await respondInPieces(clock, open(sessionId, 2), reads, answer, () => [])).results.map(({ target }) => target.partition),
    ).toEqual([7]);
  });

  it('says nothing where a repeated request has taken the session on meanwhile', async () => {
    const { open, sessionId, reads, answer, clock, inBetween, turnCount } = fetchMany();
    const slow: Clock = { ...clock, monotonicMs: () => clock.monotonicMs() + 10 * clock.monotonicMs() };
    inBetween.work = () => {
      inBetween.work = () => {};
      open(sessionId, 2);
    };
    const reply = await respondInPieces(slow, open(sessionId, 1), reads, answer, () => []);
    expect([reply, turnCount() > 0]).toEqual([{ error: 'INVALID_FETCH_SESSION_EPOCH', sessionId, results: [] }, true]);
  });
});
