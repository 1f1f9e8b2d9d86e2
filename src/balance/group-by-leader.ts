/** The partitions of leader b are partition[start[b]] .. partition[start[b + 1] - 1]. */
export interface LedPartitions {
  readonly start: Int32Array;
  readonly partition: Int32Array;
}

/** The partitions of each leader, in order. @param leader - per partition a number below `brokers`, -1 for none */
export function groupByLeader(leader: Int16Array, brokers: number): LedPartitions {
  const start = new Int32Array(brokers + 1);
  for (let p = 0; p < leader.length; p++) if (leader[p]! >= 0) start[leader[p]! + 1]!++;
  for (let b = 0; b < brokers; b++) start[b + 1]! += start[b]!;
  const at = start.slice();
  const partition = new Int32Array(start[brokers]!);
  for (let p = 0; p < leader.length; p++) if (leader[p]! >= 0) partition[at[leader[p]!]!++] = p;
  return { start, partition };
}
