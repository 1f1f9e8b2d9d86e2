/** How far a log goes: where the next record belongs, and the epoch of the last one (0 in an empty log). Kafka's OffsetAndEpoch. */
export interface LogEnd {
  readonly epoch: number;
  readonly offset: bigint;
}

/** Raft's election restriction (section 5.4.1): the later epoch goes further, and in the same epoch the longer log. */
export const goesAsFar = (log: LogEnd, other: LogEnd): boolean =>
  log.epoch === other.epoch ? log.offset >= other.offset : log.epoch > other.epoch;
