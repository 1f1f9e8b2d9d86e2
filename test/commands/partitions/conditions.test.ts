import { expect, it } from 'vitest';
import { type ListedPartition, parseConditions } from '../../../src/commands/partitions/conditions.js';

const healthy: ListedPartition = {
  topic: 'orders',
  partition: 0,
  leader: 3,
  preferredLeader: 3,
  leaderEpoch: 0,
  replicas: [3, 1, 2],
  isr: [1, 2, 3],
  elr: null,
  offlineReplicas: [],
  sizeBytes: null,
  startOffset: null,
  endOffset: null,
  reassigning: false,
  minIsrMargin: 1,
};
const none = {
  underReplicated: false,
  underMinIsr: false,
  atMinIsr: false,
  unavailable: false,
  notPreferred: false,
  brokers: [] as number[],
};
const holds = (asked: Partial<typeof none>, partition: Partial<ListedPartition> = {}, adding = 0) =>
  parseConditions({ ...none, ...asked })({ ...healthy, ...partition }, adding, 'all');

it('holds of what it names', () => {
  expect(holds({})).toBe(true);
  expect(holds({ underReplicated: true })).toBe(false);
  expect(holds({ underReplicated: true }, { isr: [3, 1] })).toBe(true);
  expect(holds({ notPreferred: true })).toBe(false);
  expect(holds({ notPreferred: true }, { leader: 1 })).toBe(true);
  expect(holds({ unavailable: true }, { leader: -1 })).toBe(true);
  expect(holds({ atMinIsr: true }, { minIsrMargin: 0 })).toBe(true);
  expect(holds({ underMinIsr: true }, { minIsrMargin: -1 })).toBe(true);
  expect(holds({ brokers: [2, 9] })).toBe(true);
  expect(holds({ brokers: [9] })).toBe(false);
});

it('counts no replica as missing that is only on its way', () => {
  expect(holds({ underReplicated: true }, { replicas: [4, 3, 1, 2], isr: [3, 1, 2] }, 1)).toBe(false);
});

it('counts a partition without a leader as under its min ISR, and one of which that is not known as neither', () => {
  expect(holds({ underMinIsr: true }, { leader: -1, minIsrMargin: 0 })).toBe(true);
  expect(holds({ underMinIsr: true }, { minIsrMargin: null })).toBe(false);
  expect(holds({ atMinIsr: true }, { minIsrMargin: null })).toBe(false);
});

it('wants all that are asked for', () => {
  expect(holds({ underReplicated: true, notPreferred: true }, { leader: 1 })).toBe(false);
  expect(holds({ underReplicated: true, notPreferred: true }, { leader: 1, isr: [1] })).toBe(true);
});

it('leaves open what metadata alone does not decide', () => {
  const filter = parseConditions({ ...none, atMinIsr: true, unavailable: true });
  expect(filter(healthy, 0, 'metadata')).toBe(false);
  expect(filter({ ...healthy, leader: -1 }, 0, 'metadata')).toBe(true);
});
