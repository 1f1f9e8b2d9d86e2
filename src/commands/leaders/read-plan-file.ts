import { isReordering, type LeadershipChange, standingOf } from '../../admin/execute/leadership-change.js';
import { UsageError } from '../../model/errors.js';
import type { Outcome } from '../../model/outcome.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import type { Run } from '../command.js';
import { driftedRow } from '../drifted-row.js';
import { parseJsonText, textOf } from '../json-file.js';
import type { ClusterPorts } from '../ports.js';
import { readLeaders } from '../read-leaders.js';
import { requireSoundRows } from '../require-sound-rows.js';
import { allTopics } from '../topic-scope.js';
import { refuseOtherUndo } from '../undo-file.js';
import { readConditions } from './cluster-conditions.js';
import type { PlanOfCluster } from './make-plan.js';
import { type PlanDocument, planFileSchema } from './plan-document.js';

const WHAT = 'a balance plan';

/** What of a plan is still to do, and what no longer fits: a row that has drifted fails, and the others are planned. */
export async function readPlanFile({ admin }: ClusterPorts, path: string, run: Run): Promise<PlanOfCluster> {
  const text = textOf(path, WHAT);
  refuseOtherUndo(path, WHAT, text, []);
  const file = parseJsonText(path, WHAT, text, planFileSchema);
  const found = await readLeaders(admin, allTopics, run);
  if (file.clusterId !== found.clusterId)
    throw new UsageError(`${path} is a plan for the cluster ${file.clusterId}, and this one is ${found.clusterId}`);
  const moving = new Map(file.replicaMoves.map((move) => [topicPartitionName(move), move.replicas]));
  const stateOf = new Map(found.partitions.map((partition) => [topicPartitionName(partition), partition]));
  const rows = file.changes.map(
    ({ topic, partition, leaderBefore, leaderAfter, replicasBefore, replicasAfter }): Outcome<LeadershipChange> => {
      const row = { topic, partition, leaderBefore, leaderAfter, replicasBefore, replicasAfter };
      if (!isReordering(moving.get(topicPartitionName(row)) ?? replicasBefore, replicasAfter))
        throw new UsageError(`${path} is not a balance plan: it moves replicas of ${topic}:${partition}`);
      const state = stateOf.get(topicPartitionName(row));
      const standing = state === undefined ? 'drifted' : standingOf(state, row);
      if (state === undefined) return { ...row, outcome: 'failed', error: driftedRow(state) };
      if (standing === 'reached') return { ...row, outcome: 'not-needed', error: null };
      const now = { ...row, leaderBefore: state.leader, replicasBefore: state.replicas };
      return standing === 'drifted' ? { ...now, outcome: 'failed', error: driftedRow(state) } : { ...now, outcome: 'planned', error: null };
    },
  );
  requireSoundRows(
    path,
    file.changes.map(({ topic, partition, leaderAfter, replicasAfter }) => ({
      topic,
      partition,
      leader: leaderAfter,
      replicas: replicasAfter,
    })),
  );
  const conditions = await readConditions(admin, found, run);
  // What the schema does not look into (the certificate) is passed on as it is.
  const { changes: _changes, formatVersion: _formatVersion, ...facts } = file as unknown as PlanDocument;
  return { cluster: found, rows, facts: { ...facts, conditions } };
}
