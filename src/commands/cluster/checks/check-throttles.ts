import type { ConfigSource } from '../../../admin/configs.js';
import type { KafkaFailure } from '../../../model/outcome.js';
import { sizeText } from '../../../render/size-text.js';
import type { CheckReport, Finding } from './finding.js';
import { count } from './wording.js';

/** A rate (KIP-73) that bounds what a broker sends to new and lagging replicas, or fetches of them. */
export interface ReplicationRate {
  /** Of the config. */
  readonly name: string;
  readonly side: 'leader' | 'follower';
  readonly bytesPerSecond: number;
  readonly source: ConfigSource;
}
export interface ThrottledBroker {
  readonly broker: number;
  readonly rates: readonly ReplicationRate[];
  /** Topics that list replicas of the broker, which alone the rates hold for; null where that is not known. */
  readonly topicCount: number | null;
  /** The command of this machine that has set a rate, and when; null where it was somebody else. */
  readonly setBy: { readonly command: string; readonly setAt: string } | null;
}
export interface ThrottleFacts {
  /** Brokers with rates. */
  readonly throttled: readonly ThrottledBroker[];
  /** Whether replicas move now, and the rates may be meant for that. */
  readonly isNeeded: boolean;
  /** Of brokers that do not tell, and why it is not known whether replicas move. */
  readonly failures: readonly { readonly subject: string; readonly error: KafkaFailure }[];
}

/** Throttles of replication that outlived what they were set for: replicas that fall behind then catch up slowly, or never. */
export function checkThrottles({ throttled, isNeeded, failures }: ThrottleFacts): CheckReport {
  const findings = (isNeeded ? [] : throttled).map(
    ({ broker, rates, topicCount, setBy }): Finding => ({
      severity: 'warning',
      subject: `broker ${broker}`,
      value: Math.min(...rates.map(({ bytesPerSecond }) => bytesPerSecond)),
      message: `${throttleText(rates, topicCount)}, though nothing is being reassigned${setBy === null ? '' : `; ${setBy.command} set that at ${setBy.setAt}`}`,
      next: setBy === null ? removalOf(broker, rates) : 'kafka-ts partitions unthrottle',
    }),
  );
  const summary =
    throttled.length === 0 ? 'replication is not throttled' : `${count(throttled.length, 'broker')} throttled while replicas move`;
  return { check: 'throttles', findings, failures, worst: 0, threshold: 0, summary };
}

function throttleText(rates: readonly ReplicationRate[], topicCount: number | null): string {
  if (topicCount === 0) return `a throttle of ${ratesText(rates)} is set, so far for no topic`;
  return `replication${topicCount === null ? '' : ` of ${count(topicCount, 'topic')}`} is throttled to ${ratesText(rates)}`;
}

/** `1.0 MiB/s`, `1.0 MiB/s as leader, 2.0 MiB/s as follower`. */
function ratesText(rates: readonly ReplicationRate[]): string {
  const textOf = ({ bytesPerSecond }: ReplicationRate) => `${sizeText(bytesPerSecond)}/s`;
  const texts = new Set(rates.map(textOf));
  if (rates.length > 1 && texts.size === 1) return [...texts].join();
  return rates.map((rate) => `${textOf(rate)} as ${rate.side}`).join(', ');
}

/** A broker's own rates first: while they are there, those of all brokers do not hold. */
function removalOf(broker: number, rates: readonly ReplicationRate[]): string {
  const own = rates.filter(({ source }) => source === 'DYNAMIC_BROKER_CONFIG');
  const [whose, removed] = own.length > 0 ? [broker, own] : ['--default', rates];
  return `kafka-ts brokers alter ${whose} --delete-config ${removed.map(({ name }) => name).join(',')}`;
}
