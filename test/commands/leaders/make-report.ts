import { leadershipChanges } from '../../../src/admin/execute/leadership-change.js';
import { balanceLeaders } from '../../../src/balance/balance-leaders.js';
import { certificateSentences } from '../../../src/balance/sentences.js';
import { planDocument } from '../../../src/commands/leaders/plan-document.js';
import { reportPage } from '../../../src/commands/leaders/report/report-page.js';
import type { ClusterLeaders } from '../../../src/commands/read-leaders.js';

/** The first broker leads all that it holds, and brokers with higher ids lead less and less. */
export function unevenCluster(brokers: number, partitions: number): ClusterLeaders {
  return {
    clusterId: 'uneven',
    brokers: Array.from({ length: brokers }, (_, index) => ({ id: index + 1, rack: `rack-${index % 3}`, alive: true })),
    partitions: Array.from({ length: partitions }, (_, partition) => {
      const first = Math.floor(brokers * (partition / partitions) ** 2);
      const replicas = [0, 1, 2].map((step) => ((first + step * (1 + (partition % 2))) % brokers) + 1);
      const distinct = [...new Set(replicas)];
      return { topic: 't', partition, replicas: distinct, isr: distinct, leader: distinct[0]! };
    }),
  };
}

/** The page of the plan for this cluster. */
export function makeReport(cluster: ClusterLeaders): string {
  const plan = balanceLeaders(cluster);
  const changes = leadershipChanges(cluster.partitions, plan).map((row) => ({ ...row, outcome: 'planned', error: null }) as const);
  const conditions = {
    autoLeaderRebalance: false,
    cruiseControlTopics: [],
    downBrokers: [],
    underReplicatedCount: 0,
    offlineCount: 0,
    reassigning: [],
  };
  const facts = {
    ...plan,
    clusterId: cluster.clusterId,
    takenAt: '2026-01-02T03:04:05.678Z',
    conditions,
    weighing: null,
    brokers: [],
    holdBack: null,
    replicaMoves: [],
    replicaMoveBytes: null,
    proof: certificateSentences(plan),
  };
  return reportPage(planDocument(changes, facts, null), cluster);
}
