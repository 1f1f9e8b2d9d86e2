import type { BrokerState } from '../../brokers/read-brokers.js';
import type { CheckReport, Finding } from './finding.js';
import { GONE, type Unreached } from './stale-metadata.js';
import { count, percentText } from './wording.js';

/** Such a broker may only be slow. */
const TIMED_OUT = 'REQUEST_TIMED_OUT';

/** Brokers that are registered, or that replicas are on, and that do not live, or that cannot be reached, as `unreached` tells. */
export function checkBrokers(brokers: readonly BrokerState[], unreached: Unreached): CheckReport {
  const lost = brokers.flatMap(({ broker, replicas }): readonly Finding[] => {
    const error = unreached.get(broker);
    if (error === undefined || error.code === TIMED_OUT) return [];
    const isGone = error.code === GONE;
    const message = isGone ? 'went down during this check' : `not reached, though the cluster lists it as alive: ${error.message}`;
    return [{ severity: 'critical', subject: `broker ${broker}`, value: replicas, message, next: `kafka-ts brokers describe ${broker}` }];
  });
  const failures = [...unreached].flatMap(([broker, error]) => (error.code === TIMED_OUT ? [{ subject: `broker ${broker}`, error }] : []));
  const down = brokers
    .filter(({ alive }) => !alive)
    .map(({ broker, replicas }): Finding => {
      const next = `kafka-ts brokers describe ${broker}`;
      // Since Kafka 4.1 a broker that was taken away for good is listed until it is unregistered.
      if (replicas === 0) {
        const message = 'down, and nothing is on it: unregister it, if it is not to come back';
        return { severity: 'warning', subject: `broker ${broker}`, value: 0, message, next };
      }
      return {
        severity: 'critical',
        subject: `broker ${broker}`,
        value: replicas,
        message: `down, with ${count(replicas, 'replica')} on it`,
        next,
      };
    });
  const summary = brokers.length === 1 ? 'the broker is alive' : `all ${brokers.length} brokers are alive`;
  return { check: 'brokers', findings: [...down, ...lost], failures, worst: 0, threshold: null, summary };
}

/** One leader more than an even spread needs is no skew. */
const SPARE_LEADERS = 1;

/** Live brokers that lead far more than the even share. */
export function checkLeaderSkew(brokers: readonly BrokerState[], maxPercent: number): CheckReport {
  const alive = brokers.filter((broker) => broker.alive);
  const share = alive.length === 0 ? 0 : alive.reduce((sum, { leaders }) => sum + leaders, 0) / alive.length;
  const above = ({ leaders }: BrokerState) => (leaders <= Math.ceil(share) + SPARE_LEADERS ? 0 : Math.round((leaders / share - 1) * 100));
  const findings = alive
    .filter((broker) => above(broker) > maxPercent)
    .sort((a, b) => b.leaders - a.leaders)
    .map(
      (broker): Finding => ({
        severity: 'warning',
        subject: `broker ${broker.broker}`,
        value: above(broker),
        message: `leads ${count(broker.leaders, 'partition')}, ${percentText(above(broker))} above the even share of ${Math.round(share * 10) / 10}`,
        next: 'kafka-ts leaders balance --dry-run',
      }),
    );
  const worst = Math.max(0, ...alive.map(above));
  return { check: 'leader-skew', findings, failures: [], worst, threshold: maxPercent, summary: 'leaders are spread evenly enough' };
}
