import { describe, expect, it } from 'vitest';
import type { FetchAnswer, FetchTarget } from '../../../src/broker/replication/fetch-session.js';
import { FetchSessionCache, type SessionRequest } from '../../../src/broker/replication/fetch-session-cache.js';
import { ZERO_UUID } from '../../../src/model/uuid.js';

const target = (partition: number, fetchOffset = 0n): FetchTarget => ({
  topic: 'orders',
  topicId: ZERO_UUID,
  partition,
  fetchOffset,
  currentLeaderEpoch: -1,
  lastFetchedEpoch: -1,
  logStartOffset: -1n,
  maxBytes: 1024,
});
const answer = (fields: Partial<FetchAnswer> = {}): FetchAnswer => ({
  errorCode: 0,
  highWatermark: 0n,
  logStartOffset: 0n,
  records: new Uint8Array(0),
  ...fields,
});
const request = (fields: Partial<SessionRequest> = {}): SessionRequest => ({
  sessionId: 0,
  sessionEpoch: 0,
  followerId: null,
  usesTopicIds: false,
  isolation: 'log-end',
  targets: [],
  forgotten: [],
  ...fields,
});

function createCache(maxSessions = 10) {
  const time = { ms: 0 };
  let ids = 0;
  const cache = new FetchSessionCache({ maxSessions, monotonicMs: () => time.ms, uniform: () => ++ids / 1000 });
  const open = (fields: Partial<SessionRequest>) => cache.open(request(fields), () => null);
  /** Begins a session of so many partitions; 0 where there was no room. */
  const begin = (partitions: number, fields: Partial<SessionRequest> = {}) => {
    const context = open({ targets: Array.from({ length: partitions }, (_, partition) => target(partition)), ...fields });
    return context.respond(context.targets().map((one) => ({ target: one, answer: answer() }))).sessionId;
  };
  return { cache, time, open, begin };
}
const partitionsOf = (results: readonly { readonly target: FetchTarget }[]) => results.map(({ target: { partition } }) => partition);

describe('FetchSessionCache', () => {
  it('begins a session with a full fetch and then sends only what changed', () => {
    const { open, begin } = createCache();
    const sessionId = begin(3);
    expect(sessionId).toBeGreaterThan(0);

    const quiet = open({ sessionId, sessionEpoch: 1 });
    expect(partitionsOf(quiet.targets().map((one) => ({ target: one })))).toEqual([0, 1, 2]);
    expect(quiet.respond(quiet.targets().map((one) => ({ target: one, answer: answer() })))).toEqual({
      error: null,
      sessionId,
      results: [],
    });

    const busy = open({ sessionId, sessionEpoch: 2 });
    const changes = [{ records: new Uint8Array(1), highWatermark: 1n }, { highWatermark: 5n }, { logStartOffset: 2n }];
    const reply = busy.respond(busy.targets().map((one, index) => ({ target: one, answer: answer(changes[index]) })));
    expect(partitionsOf(reply.results)).toEqual([0, 1, 2]);
  });

  it('moves partitions that gave records to the end', () => {
    const { open, begin } = createCache();
    const sessionId = begin(3);
    const first = open({ sessionId, sessionEpoch: 1 });
    first.respond(
      first.targets().map((one) => ({ target: one, answer: answer(one.partition === 0 ? { records: new Uint8Array(1) } : {}) })),
    );
    expect(
      open({ sessionId, sessionEpoch: 2 })
        .targets()
        .map(({ partition }) => partition),
    ).toEqual([1, 2, 0]);
  });

  it('sends an error always, and the first good answer after it', () => {
    const { open, begin } = createCache();
    const sessionId = begin(1);
    const respond = (sessionEpoch: number, fields: Partial<FetchAnswer>) => {
      const context = open({ sessionId, sessionEpoch });
      return context.respond(context.targets().map((one) => ({ target: one, answer: answer(fields) }))).results.length;
    };
    expect(respond(1, { errorCode: 6, highWatermark: -1n, logStartOffset: -1n })).toBe(1);
    expect(respond(2, { errorCode: 6, highWatermark: -1n, logStartOffset: -1n })).toBe(1);
    expect(respond(3, {})).toBe(1);
    expect(respond(4, {})).toBe(0);
  });

  it('sends an end of an epoch always, and the first answer after it: what else it said does not count before the log is cut', () => {
    const { open } = createCache();
    const diverging = answer({ divergingEpoch: { epoch: 1, endOffset: 4n } });
    const first = open({ targets: [target(0, 5n)] });
    const { sessionId } = first.respond(first.targets().map((one) => ({ target: one, answer: diverging })));
    const respond = (sessionEpoch: number, one: FetchAnswer) => {
      const context = open({ sessionId, sessionEpoch });
      return context.respond(context.targets().map((asked) => ({ target: asked, answer: one }))).results.length;
    };
    expect([answer(), answer(), diverging, diverging, answer(), answer()].map((one, index) => respond(index + 1, one))).toEqual([
      1, 0, 1, 1, 1, 0,
    ]);
  });

  it('answers anew who asks in another leader epoch: an answer of the one before is not taken any more', () => {
    const { open, begin } = createCache();
    const sessionId = begin(1);
    const respond = (sessionEpoch: number, currentLeaderEpoch: number) => {
      const context = open({ sessionId, sessionEpoch, targets: [{ ...target(0), currentLeaderEpoch }] });
      return context.respond(context.targets().map((one) => ({ target: one, answer: answer() }))).results.length;
    };
    expect([-1, 5, 5, 6].map((epoch, index) => respond(index + 1, epoch))).toEqual([0, 1, 0, 1]);
  });

  it('adds, updates and forgets partitions, and ends with the last of them', () => {
    const { cache, open, begin } = createCache();
    const sessionId = begin(2);
    const changed = open({ sessionId, sessionEpoch: 1, targets: [target(1, 7n), target(2)], forgotten: [target(0)] });
    expect(changed.targets().map(({ partition, fetchOffset }) => [partition, fetchOffset])).toEqual([
      [1, 7n],
      [2, 0n],
    ]);
    const last = open({ sessionId, sessionEpoch: 2, forgotten: [target(1), target(2)] });
    expect(last.respond([])).toEqual({ error: null, sessionId: 0, results: [] });
    expect(cache.size).toBe(0);
  });

  it("refuses unknown sessions, wrong epochs and a change of the topics' form", () => {
    const { open, begin } = createCache();
    const sessionId = begin(1);
    expect(open({ sessionId: 12345, sessionEpoch: 1 }).respond([]).error).toBe('FETCH_SESSION_ID_NOT_FOUND');
    expect(open({ sessionId, sessionEpoch: 2 }).respond([]).error).toBe('INVALID_FETCH_SESSION_EPOCH');
    expect(open({ sessionId, sessionEpoch: 1, usesTopicIds: true }).respond([]).error).toBe('FETCH_SESSION_TOPIC_ID_ERROR');
    expect(open({ sessionId, sessionEpoch: 1 }).respond([]).error).toBeNull();
  });

  it('refuses the answer of a request that a later one of the session overtook', () => {
    const { open, begin } = createCache();
    const sessionId = begin(1);
    const slow = open({ sessionId, sessionEpoch: 1 });
    open({ sessionId, sessionEpoch: 2 });
    expect(slow.respond([])).toEqual({ error: 'INVALID_FETCH_SESSION_EPOCH', sessionId, results: [] });
  });

  it('closes the session that a full fetch names, and begins none at epoch -1', () => {
    const { cache, open, begin } = createCache();
    const sessionId = begin(1);
    const context = open({ sessionId, sessionEpoch: -1, targets: [target(0)] });
    expect(context.respond([{ target: target(0), answer: answer() }]).sessionId).toBe(0);
    expect(cache.size).toBe(0);
  });

  it('resolves a topic id that became known later, and keeps the name when it is gone again', () => {
    const { cache } = createCache();
    const named = { ...target(0), topic: null, topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' };
    const full = cache.open(request({ usesTopicIds: true, targets: [named] }), () => null);
    expect(full.targets()[0]?.topic).toBeNull();
    const { sessionId } = full.respond([{ target: named, answer: answer({ errorCode: 100 }) }]);
    const next = (sessionEpoch: number, name: string | null) =>
      cache.open(request({ sessionId, sessionEpoch, usesTopicIds: true }), () => name).targets()[0]?.topic;
    expect(next(1, null)).toBeNull();
    expect(next(2, 'orders')).toBe('orders');
    expect(next(3, null)).toBe('orders');
  });

  describe('with all slots taken', () => {
    it('begins no session while the others are young', () => {
      const { begin } = createCache(1);
      expect(begin(1)).toBeGreaterThan(0);
      expect(begin(5)).toBe(0);
    });

    it('has none at all with no slots', () => {
      expect(createCache(0).begin(1)).toBe(0);
    });

    it('displaces the one that was unused for two minutes', () => {
      const { begin, time, open } = createCache(2);
      const [idle, used] = [begin(9), begin(1)];
      time.ms = 100_000;
      open({ sessionId: used, sessionEpoch: 1 });
      time.ms = 120_001;
      expect(begin(1)).toBeGreaterThan(0);
      expect(open({ sessionId: idle, sessionEpoch: 1 }).respond([]).error).toBe('FETCH_SESSION_ID_NOT_FOUND');
      expect(open({ sessionId: used, sessionEpoch: 2 }).respond([]).error).toBeNull();
    });

    it('displaces an old one in use only for a larger one', () => {
      const { begin, time, open } = createCache(1);
      const old = begin(2);
      time.ms = 120_001;
      open({ sessionId: old, sessionEpoch: 1 });
      expect(begin(2)).toBe(0);
      expect(begin(3)).toBeGreaterThan(0);
    });

    it("displaces a young consumer's for a follower's, never the other way round", () => {
      const { begin } = createCache(1);
      expect(begin(100)).toBeGreaterThan(0);
      expect(begin(1, { followerId: 2 })).toBeGreaterThan(0);
      expect(begin(100)).toBe(0);
    });
  });
});
