import type { TopicPartition } from '../../../model/topic-partition.js';

/** `1 partition`, `3 partitions`. */
export const count = (n: number | bigint, what: string, plural = `${what}s`): string => `${n} ${Number(n) === 1 ? what : plural}`;

const NAMED = 10;

/** The first ten, with how many more there are. */
export const someOf = (names: readonly (string | number)[], separator = ', '): string =>
  names.length <= NAMED ? names.join(separator) : `${names.slice(0, NAMED).join(separator)} and ${names.length - NAMED} more`;

/** `partition 3`, `partitions 0,1,2`. */
export const partitionsText = (partitions: readonly TopicPartition[]): string =>
  `${partitions.length === 1 ? 'partition' : 'partitions'} ${someOf(
    partitions.map(({ partition }) => partition),
    ',',
  )}`;

/** `broker 3`, `brokers 1,2`. */
export const brokersText = (ids: readonly number[]): string => `${ids.length === 1 ? 'broker' : 'brokers'} ${someOf(ids, ',')}`;

export const percentText = (percent: number): string => `${Math.round(percent)}%`;
