import { describe, expect, it } from 'vitest';
import { balanceLeaders } from '../../src/balance/balance-leaders.js';
import { certificateSentences } from '../../src/balance/sentences.js';
import { clusterOf } from './clusters.js';

const repeat = (times: number, replicas: readonly number[]): (readonly number[])[] => Array.from({ length: times }, () => replicas);

describe('a certificate in words', () => {
  it('says who must lead what, how many move, and what a failure leaves', () => {
    const input = clusterOf(5, [...repeat(1500, [0, 1, 2]), ...repeat(5, [3, 4])]);
    expect(certificateSentences(balanceLeaders(input))).toEqual([
      'Brokers 0-2 must lead at least 1,500 partitions that can be led nowhere else, so one of them leads at least 500.',
      'Brokers 3 and 4 can lead at most 5 partitions, so one of them leads at most 2.',
      'No plan with these loads moves fewer than 1,002 leaders.',
      'When broker 0 fails, brokers 1 and 2 must take over 500 partitions, so one of them then leads at least 750; no other failure leaves more.',
    ]);
  });

  it('is short where nothing is to be done', () => {
    expect(certificateSentences(balanceLeaders(clusterOf(2, [[0], [0], [1]])))).toEqual([
      'Brokers 0 and 1 lead all 3 partitions, so one of them leads at least 2.',
      'No leader needs to move.',
      'No failure leaves a broker with more than 2 leaders, which broker 0 has already.',
    ]);
  });

  it('names a single broker', () => {
    expect(certificateSentences(balanceLeaders(clusterOf(2, [[0], [0], [0], [1]]))).slice(0, 2)).toEqual([
      'Broker 0 must lead at least 3 partitions that can be led nowhere else, so it leads at least 3.',
      'Broker 1 can lead at most 1 partition, so it leads at most 1.',
    ]);
  });

  it('claims only what the plan claims', () => {
    const input = clusterOf(2, repeat(8, [0, 1]));
    expect(certificateSentences(balanceLeaders(input, { maxMoves: 1, afterFailure: false }))).toEqual([]);
    expect(certificateSentences(balanceLeaders(input, { tolerance: 2, afterFailure: false }))).toEqual([
      'No plan within these bounds moves fewer than 3 leaders.',
    ]);
  });

  it('tells evenness over the brokers from what else takes moves', () => {
    const lists = [
      [0, 1, 2],
      [0, 1, 2],
      [0, 1, 2],
      [1, 0, 2],
      [1, 0, 2],
      [1, 0, 2],
      [2, 0, 1],
      [2, 0, 1],
      [2, 0, 1],
    ];
    const topics = ['a', 'b', 'c'];
    const { brokers, partitions } = clusterOf(3, lists);
    const input = { brokers, partitions: partitions.map((row, p) => ({ ...row, topic: topics[Math.floor(p / 3)]!, partition: p % 3 })) };
    const options = { goals: ['cluster', 'topic'], afterFailure: false } as const;
    expect(certificateSentences(balanceLeaders(input, options)).at(-1)).toBe(
      'For these loads no leader needs to move; what else is evened out takes 6 more.',
    );
  });
});
