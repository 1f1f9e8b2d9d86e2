import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { checkCluster } from '../../src/commands/cluster/check.js';
import type { CheckName } from '../../src/commands/cluster/checks/finding.js';
import { topicPartitionName } from '../../src/model/topic-partition.js';
import { runKafkaTool } from '../support/kafka-tool.js';
import { newestKafka } from '../support/kafka-versions.js';
import { noThrottles } from '../support/no-throttles.js';
import { useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

const thresholds = {
  maxQuorumLagMs: 3_600_000,
  maxLeaderSkewPercent: 1_000,
  maxDiskSkewPercent: 1_000,
  maxDiskUsedPercent: 100,
  maxTransactionMs: 3_600_000,
  reassignmentSampleMs: 300,
  maxLag: null,
  maxLagMs: null,
};

/** By check, `severity subject value` of what was found; and the rows. */
async function check(timeoutMs: number) {
  const connection = { bootstrapServers: on.cluster.bootstrapServers, timeoutMs };
  const admin = AdminClient.connect(connection);
  const run = { signal: new AbortController().signal, report: () => {}, note: () => {}, showsAll: true };
  const ports = { admin, connection, now: () => Date.now(), sleep: (ms: number) => sleep(ms), throttles: noThrottles };
  const options = { thresholds, skip: new Set<CheckName>(['transactions']), failOn: 'warning' } as const;
  const rows = await checkCluster.run(ports, options, run).finally(() => admin.close());
  const found = rows.filter(({ severity }) => severity === 'critical' || severity === 'warning');
  return { rows, found, unmet: checkCluster.unmet?.(rows, options) };
}

/** What Apache Kafka's own tool prints, as `topic-partition`. */
async function listed(option: string, topics: readonly string[]): Promise<readonly string[]> {
  const args = ['--bootstrap-server', on.cluster.bootstrapServers, '--describe', option];
  const { stdout } = await runKafkaTool(newestKafka, 'org.apache.kafka.tools.TopicCommand', args);
  return [...stdout.matchAll(/Topic: (\S+)\s+Partition: (\d+)/g)]
    .map(([, topic, partition]) => ({ topic: topic!, partition: Number(partition) }))
    .filter(({ topic }) => topics.includes(topic))
    .map(topicPartitionName)
    .sort();
}

describe('kafka-ts cluster check', () => {
  it("finds what Kafka's own tool lists while a broker is down, and what stands still", { timeout: 120_000 }, async () => {
    const [a, b, c] = await on.cast();
    const spread = await on.createTopic(
      [
        [a, b, c],
        [b, c, a],
      ],
      { 'min.insync.replicas': 2 },
    );
    const strict = await on.createTopic([[a, b, c]], { 'min.insync.replicas': 3 });
    const alone = await on.createTopic([[c]]);
    const moving = await on.createTopic([[a]]);
    const topics = [spread, strict, alone, moving].map(({ name }) => name);
    await on.kill(c);
    await on.until(spread, { isr: [a, b].sort() });
    await on.until(spread, { isr: [a, b].sort() }, { partition: 1 });
    await on.until(strict, { isr: [a, b].sort() });
    await on.until(alone, { leader: -1 });
    expect(await on.reassign(moving, [a, c])).toBe('NONE');

    const { found, unmet } = await check(10_000);
    const of = (name: CheckName) => found.filter((row) => row.check === name);
    const named = (name: CheckName) =>
      of(name)
        .flatMap(({ partitions }) => partitions)
        .filter(({ topic }) => topics.includes(topic))
        .map(topicPartitionName)
        .sort();
    expect(of('brokers').map(({ severity, subject }) => [severity, subject])).toEqual([['critical', `broker ${c}`]]);
    expect(of('reassignments').map(({ subject, message }) => [subject, message])).toEqual([
      [`broker ${c}`, '1 replica is to move there, and it is down'],
    ]);
    expect(found[0]?.severity).toBe('critical');
    expect(unmet).toMatch(/^the cluster is not well: \d+ critical, \d+ warnings$/);

    const options = ['unavailable', 'under-min-isr', 'at-min-isr', 'under-replicated'];
    const [unavailable, underMinIsr, atMinIsr, underReplicated] = await Promise.all(
      options.map((each) => listed(`--${each}-partitions`, topics)),
    );
    expect(named('offline-partitions')).toEqual([`${alone.name}-0`]);
    expect(named('offline-partitions')).toEqual(unavailable);
    expect(named('at-min-isr')).toEqual([`${spread.name}-0`, `${spread.name}-1`]);
    expect(named('under-min-isr')).toEqual([`${strict.name}-0`]);
    // The tool counts partitions without a leader to these too, and lists those that never had more replicas as at their minimum.
    expect([...named('under-min-isr'), `${alone.name}-0`].sort()).toEqual(underMinIsr);
    // Before KIP-966 the last replica stays in the ISR though it is gone.
    const isFull = (await on.partitionOf(alone)).isr.length === 1;
    const also = (is: boolean): readonly string[] => (is ? [`${alone.name}-0`] : []);
    expect([...named('at-min-isr'), `${moving.name}-0`, ...also(isFull)].sort()).toEqual(atMinIsr);
    expect([...named('under-replicated'), ...also(!isFull)].sort()).toEqual(underReplicated);
    expect(await on.reassign(moving, null)).toBe('NONE');
  });

  it('tells what it could not learn of a broker that does not answer, within its deadline', { timeout: 60_000 }, async () => {
    const [, , c] = await on.cast();
    await on.pause(c);
    const startedMs = performance.now();
    const { rows } = await check(600);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    const unknown = rows.filter(({ check: name, severity }) => name === 'log-dirs' && severity === 'unknown');
    expect(unknown).toMatchObject([{ subject: `broker ${c}`, error: { code: 'REQUEST_TIMED_OUT' } }]);
    // Who leads may have changed: it was the active controller that fell silent.
    expect(rows.filter(({ check: name }) => name === 'leader-skew')).toMatchObject([
      { severity: 'skipped', message: 'not known, as the metadata may be stale: the active controller is not known' },
    ]);
    await on.resume(c);
  });
});
