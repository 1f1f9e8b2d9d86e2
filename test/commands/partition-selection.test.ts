import { describe, expect, it } from 'vitest';
import { partitionName } from '../../src/commands/partition-name.js';
import { parsePartitionSelection } from '../../src/commands/partition-selection.js';
import { isInScope, isPartial, parseScope } from '../../src/commands/topic-scope.js';
import { UsageError } from '../../src/model/errors.js';

const none = { all: false, match: undefined, includeInternal: false };

describe('parsePartitionSelection', () => {
  it('takes topics and single partitions of them', () => {
    expect(parsePartitionSelection(['orders', 'a.b_c-d:12'], none)).toEqual({
      kind: 'named',
      names: [
        { topic: 'orders', partition: null },
        { topic: 'a.b_c-d', partition: 12 },
      ],
    });
  });
  it("takes several with commas between them, and Kafka's form of several partitions", () => {
    expect(parsePartitionSelection(['orders:0,1,payments,2', 'lines:7'], none)).toEqual({
      kind: 'named',
      names: [
        { topic: 'orders', partition: 0 },
        { topic: 'orders', partition: 1 },
        { topic: 'payments', partition: null },
        { topic: '2', partition: null },
        { topic: 'lines', partition: 7 },
      ],
    });
  });
  it('takes a pattern or all', () => {
    expect(parsePartitionSelection([], { ...none, match: 'o*' })).toEqual({ kind: 'matching', pattern: 'o*', includeInternal: false });
    expect(parsePartitionSelection([], { ...none, all: true })).toEqual({ kind: 'all' });
  });
  it.each([
    [[], none],
    [['a'], { ...none, all: true }],
    [['a'], { ...none, match: 'b' }],
    [[], { all: true, match: 'b', includeInternal: false }],
    [['a'], { ...none, includeInternal: true }],
    [['a:'], none],
    [['a:1,'], none],
    [['a,,b'], none],
    [['a:-1'], none],
    [['a:1:2'], none],
    [[''], none],
  ] as const)('refuses %j with %j', (args, options) => {
    expect(() => parsePartitionSelection(args, options)).toThrow(UsageError);
  });
  it('names what it takes', () => {
    expect(['orders', 'orders:3']).toEqual(
      [
        { topic: 'orders', partition: null },
        { topic: 'orders', partition: 3 },
      ].map(partitionName),
    );
  });
});

describe('the topics of a balance', () => {
  const scope = (over: Partial<Parameters<typeof parseScope>[0]>) =>
    parseScope({ topic: [], match: undefined, includeInternal: false, ...over });
  it('are all, internal ones too, unless some are chosen', () => {
    expect(isInScope(scope({}), '__consumer_offsets', true)).toBe(true);
    expect(isPartial(scope({}))).toBe(false);
  });
  it('are those that are named', () => {
    const named = scope({ topic: ['a', '__b', 'a'] });
    expect(named.names).toEqual(['a', '__b']);
    expect(['a', '__b', 'c'].map((topic) => isInScope(named, topic, topic === '__b'))).toEqual([true, true, false]);
  });
  it('are those that a pattern finds, internal ones on request', () => {
    expect(isInScope(scope({ match: '*' }), '__b', true)).toBe(false);
    expect(isInScope(scope({ match: '*', includeInternal: true }), '__b', true)).toBe(true);
    expect(isInScope(scope({ match: 'a*' }), 'b', false)).toBe(false);
  });
  it('are not chosen in two ways at once', () => {
    expect(() => scope({ topic: ['a'], match: 'b' })).toThrow(UsageError);
    expect(() => scope({ includeInternal: true })).toThrow(UsageError);
  });
});
