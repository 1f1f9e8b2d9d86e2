import type { Options, Values } from '../../option.js';

/** What is still well. Percents are whole. */
export interface Thresholds {
  readonly maxQuorumLagMs: number;
  /** How far a broker may be above the even share. */
  readonly maxLeaderSkewPercent: number;
  readonly maxDiskSkewPercent: number;
  readonly maxDiskUsedPercent: number;
  readonly maxTransactionMs: number;
  /** Between two looks at what replicas that are on their way have brought. */
  readonly reassignmentSampleMs: number;
  /** Null where groups are not to be measured. */
  readonly maxLag: number | null;
  readonly maxLagMs: number | null;
}

export const thresholdOptions = {
  maxQuorumLagTime: { type: 'duration', value: 'TIME', describe: 'how long a voter or observer may be behind (10s unless told)' },
  maxLeaderSkew: {
    type: 'integer',
    value: 'PERCENT',
    describe: 'how far above the even share of leaders a broker may be (50 unless told)',
  },
  maxDiskUsed: { type: 'integer', value: 'PERCENT', max: 100, describe: 'how full the volume of a log directory may be (85 unless told)' },
  maxDiskSkew: { type: 'integer', value: 'PERCENT', describe: 'how far above the even share of bytes a broker may be (50 unless told)' },
  maxTransactionTime: { type: 'duration', value: 'TIME', describe: 'the age of a transaction that may hang (15m unless told)' },
  reassignmentSample: {
    type: 'duration',
    value: 'TIME',
    describe: 'how long to watch whether replicas move, if some should (2s unless told)',
  },
  maxLag: { type: 'integer', value: 'N', describe: 'also check that no partition of a group is behind by more records' },
  maxLagTime: { type: 'duration', value: 'TIME', describe: 'also check that no record has waited longer for a group' },
} as const satisfies Options;

export const thresholdsOf = (values: Values<typeof thresholdOptions>): Thresholds => ({
  maxQuorumLagMs: values.maxQuorumLagTime ?? 10_000,
  maxLeaderSkewPercent: values.maxLeaderSkew ?? 50,
  maxDiskUsedPercent: values.maxDiskUsed ?? 85,
  maxDiskSkewPercent: values.maxDiskSkew ?? 50,
  maxTransactionMs: values.maxTransactionTime ?? 15 * 60_000,
  reassignmentSampleMs: values.reassignmentSample ?? 2_000,
  maxLag: values.maxLag ?? null,
  maxLagMs: values.maxLagTime ?? null,
});
