import { durationText } from '../../../render/duration-text.js';
import { type MeasuredReplica, measureQuorum } from '../quorum-replica.js';
import { isOnZooKeeper, type QuorumAnswer } from '../read-quorum.js';
import { type CheckReport, type Finding, skipped } from './finding.js';
import { count } from './wording.js';

/** The active controller: without one nothing in the cluster can change. On ZooKeeper Metadata tells it, as `controller`. */
export function checkController(answer: QuorumAnswer, controller: number): CheckReport {
  const report = { check: 'controller', worst: 1, threshold: null } as const;
  const leader = answer.quorum?.leader ?? (isOnZooKeeper(answer) ? controller : null);
  if (leader === null) {
    const failures = answer.error === null ? [] : [{ subject: 'the controllers', error: answer.error }];
    return { ...report, findings: [], failures, summary: '' };
  }
  const message = 'there is no active controller: no leader can be elected, and no topic or config be changed';
  const lost: Finding = { severity: 'critical', subject: 'controller', value: 0, message, next: 'kafka-ts cluster quorum' };
  return { ...report, findings: leader === -1 ? [lost] : [], failures: [], summary: `node ${leader} is the active controller` };
}

/**
 * Voters and observers that do not keep up. Where no further voter could be lost it is critical: the quorum would end. `down` are brokers
 * that another check tells of; as observers, which hold nothing up, they are passed over.
 */
export function checkQuorum(answer: QuorumAnswer, down: ReadonlySet<number>, maxLagMs: number): CheckReport {
  if (isOnZooKeeper(answer)) return skipped('quorum', 'the cluster is on ZooKeeper');
  // `controller` tells why.
  if (answer.quorum === null) return skipped('quorum', 'the quorum is not known');
  const { leader } = answer.quorum;
  const { voters, observers } = measureQuorum(answer.quorum);
  const behindMs = ({ lagMs, silentMs }: MeasuredReplica) => Math.max(lagMs ?? 0, silentMs ?? 0);
  // A leader that has just been elected knows nothing of a voter that never fetched from it. Before Kafka 3.3 it knows no times at all.
  const tellsTimes = voters.some(({ lastCaughtUpTimestampMs }) => lastCaughtUpTimestampMs !== null);
  const isUnheard = ({ lag, lagMs }: MeasuredReplica) => tellsTimes && lagMs === null && lag > 0n;
  const isLate = (replica: MeasuredReplica) => behindMs(replica) > maxLagMs || isUnheard(replica);
  const watched = [...voters, ...observers.filter(({ node }) => !down.has(node))];
  const current = voters.filter((voter) => !isLate(voter)).length;
  const canLose = current - (Math.floor(voters.length / 2) + 1);
  const findings = watched.filter(isLate).map((replica): Finding => {
    const isVoter = replica.role !== 'observer';
    const lateness = isUnheard(replica)
      ? `has not fetched since node ${leader} leads`
      : `behind for ${durationText(behindMs(replica))}, by ${count(replica.lag, 'record')}`;
    const spare = canLose > 0 ? `${count(canLose, 'voter')} more may fail` : 'no other voter may fail';
    return {
      severity: isVoter && canLose <= 0 ? 'critical' : 'warning',
      subject: `${isVoter ? 'voter' : 'observer'} ${replica.node}`,
      value: isUnheard(replica) ? null : behindMs(replica),
      message: isVoter ? `${lateness}; ${spare}` : lateness,
      next: 'kafka-ts cluster quorum',
    };
  });
  const worst = Math.max(0, ...watched.map(behindMs));
  const summary = `${count(voters.length, 'voter')} and ${count(observers.length, 'observer')} keep up`;
  return { check: 'quorum', findings, failures: [], worst, threshold: maxLagMs, summary };
}
