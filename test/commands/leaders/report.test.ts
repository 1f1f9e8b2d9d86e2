import { describe, expect, it } from 'vitest';
import { leadershipChanges } from '../../../src/admin/execute/leadership-change.js';
import { balanceLeaders } from '../../../src/balance/balance-leaders.js';
import { simulateFailure } from '../../../src/balance/simulate-failure.js';
import { reportFacts } from '../../../src/commands/leaders/report/report-facts.js';
import { makeReport, unevenCluster } from './make-report.js';

describe('the report of a balance', () => {
  it('needs nothing from outside, and runs nothing', () => {
    const page = makeReport(unevenCluster(3, 30));
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:|\son\w+=/i);
    expect(page.startsWith('<!doctype html>\n<html lang="en">')).toBe(true);
  });

  it('shows names as they are, whatever they are made of', () => {
    const cluster = unevenCluster(3, 6);
    const page = makeReport({
      ...cluster,
      clusterId: '<script>alert("&")</script>',
      brokers: cluster.brokers.map((broker) => ({ ...broker, rack: `<b>${broker.id}'"` })),
    });
    expect(page).not.toMatch(/<script|<b>/);
    expect(page).toContain('&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;');
    expect(page).toContain('&lt;b&gt;1&#39;&quot;');
  });

  it('counts what the plan says, and after each failure what the simulation says', () => {
    const cluster = unevenCluster(5, 40);
    const plan = balanceLeaders(cluster);
    const changes = leadershipChanges(cluster.partitions, plan);
    const facts = reportFacts(cluster, changes);
    expect(facts.brokers).toEqual(
      plan.after.leaders.map(({ broker, leaders }, index) => ({
        label: String(broker),
        before: plan.before.leaders[index]!.leaders,
        after: leaders,
      })),
    );
    const changeOf = new Map(changes.map((change) => [change.partition, change]));
    const balanced = {
      brokers: cluster.brokers,
      partitions: cluster.partitions.map((row) => {
        const change = changeOf.get(row.partition);
        return change === undefined ? row : { ...row, leader: change.leaderAfter, replicas: change.replicasAfter };
      }),
    };
    for (const { failed, before, after } of facts.failures) {
      expect(before.leaders).toBe(simulateFailure(cluster, [failed]).without.max);
      expect(after.leaders).toBe(simulateFailure(balanced, [failed]).without.max);
    }
    expect(Math.max(...facts.failures.map(({ after }) => after.leaders))).toBe(plan.after.worstFailure?.leaders);
    expect(facts.racks.reduce((sum, { after }) => sum + after, 0)).toBe(40);
    expect(facts.topics).toMatchObject([{ topic: 't', partitionCount: 40 }]);
  });

  it('draws pairs of columns while they fit, and then two panels', () => {
    const charts = (brokers: number) => makeReport(unevenCluster(brokers, 4 * brokers)).match(/<svg /g)!.length;
    // Brokers, racks, failures.
    expect(charts(20)).toBe(3);
    expect(charts(21)).toBe(5);
  });

  it('shows at most 500 changes and says how many more there are', () => {
    const page = makeReport(unevenCluster(20, 1200));
    expect(page.match(/<td>t:\d+<\/td>/g)).toHaveLength(500);
    expect(page).toMatch(/[\d,]+ more are not shown; --plan-out writes all\./);
  });

  it('says that there is nothing to do', () => {
    expect(makeReport({ ...unevenCluster(3, 0) })).toContain('Nothing to do.');
  });
});
