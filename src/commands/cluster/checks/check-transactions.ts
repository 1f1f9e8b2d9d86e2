import type { HangingTransactions } from '../../../admin/hanging-transactions.js';
import { durationText } from '../../../render/duration-text.js';
import { shellWord } from '../../shell-word.js';
import { type CheckReport, type Finding, skipped } from './finding.js';

/** Transactions that nobody will end. */
export function checkTransactions({ hanging, failures }: HangingTransactions, nowMs: number, maxTransactionMs: number): CheckReport {
  // Brokers before Kafka 3.0: what nobody there can tell is no failure of theirs.
  const unable = failures.find(({ error }) => error.code === 'UNSUPPORTED_VERSION');
  if (unable !== undefined && hanging.length === 0) return skipped('transactions', unable.error.message);
  const findings = hanging.map(
    ({ topic, partition, producerId, startOffset, lastTimestampMs }): Finding => ({
      severity: 'critical',
      subject: `${topic}:${partition}`,
      value: nowMs - lastTimestampMs,
      message: `producer ${producerId} opened a transaction at offset ${startOffset} that nobody will end: consumers of what is committed wait there`,
      next: `kafka-transactions.sh --bootstrap-server HOST:PORT abort --topic ${shellWord(topic)} --partition ${partition} --start-offset ${startOffset}`,
      partitions: [{ topic, partition }],
    }),
  );
  return {
    check: 'transactions',
    findings,
    failures: failures.map(({ broker, error }) => ({ subject: `broker ${broker}`, error })),
    worst: 0,
    threshold: maxTransactionMs,
    summary: `no transaction hangs for more than ${durationText(maxTransactionMs)}`,
  };
}
