import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { describeGroups } from '../../src/commands/groups/describe.js';
import { groupLag } from '../../src/commands/groups/lag.js';
import { listGroups } from '../../src/commands/groups/list.js';
import { resetOffsets } from '../../src/commands/offsets/reset.js';
import { ZERO_UUID } from '../../src/model/uuid.js';
import { noThrottles } from '../support/no-throttles.js';
import { waitFor } from '../support/wait-for.js';
import { type Topic, useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

const TIMEOUT_MS = 2_000;
/** What a command needs besides its one deadline, on a machine that others use too. */
const SLACK_MS = 1_500;
const names = Array.from({ length: 12 }, (_, index) => `leaderless-groups-${index}`);
const offsetsTopic: Topic = { name: '__consumer_offsets', id: ZERO_UUID, partitionCount: 0 };

/** A command's ports and run, and the time that is measured. */
function operator() {
  const connection = { bootstrapServers: on.cluster.bootstrapServers, timeoutMs: TIMEOUT_MS };
  const admin = AdminClient.connect(connection);
  const ports = { admin, connection, now: () => Date.now(), sleep: (ms: number) => sleep(ms), throttles: noThrottles };
  const run = { signal: new AbortController().signal, report: () => {}, note: () => {}, showsAll: true };
  const inTime = async <T>(work: Promise<T>): Promise<T> => {
    const beganMs = performance.now();
    const result = await work;
    expect(performance.now() - beganMs).toBeLessThan(TIMEOUT_MS + SLACK_MS);
    return result;
  };
  return { admin, ports, run, inTime };
}

describe('groups whose partition of the offsets topic has no leader', () => {
  it('are named as not known, and hide no others', { timeout: 120_000 }, async () => {
    const { admin, ports, run, inTime } = operator();
    const topic = await on.createTopic([[1, 2, 3]]);
    const commit = { topic: topic.name, partition: 0, offset: 0n };
    for (const group of names) {
      const [result] = await admin.commitGroupOffsets({ group }, [commit], { timeoutMs: 30_000 });
      expect(result?.error).toBeNull();
    }
    const coordinatorOf = new Map((await admin.listGroups()).map(({ group, coordinator }) => [group, coordinator]));
    const [first, second] = await on.cast();
    // One of whom there are groups, and not all.
    const gone = [first, second].find((id) => names.some((name) => coordinatorOf.get(name) === id))!;
    const [lost, kept] = [true, false].map((isLost) => names.filter((name) => (coordinatorOf.get(name) === gone) === isLost)) as [
      string[],
      string[],
    ];
    expect(kept.length).toBeGreaterThan(0);

    const [places] = await admin.describeTopics([offsetsTopic.name], { includeElr: false });
    const led = places!.partitions!.filter(({ leader }) => leader === gone);
    for (const { partition } of led) expect(await on.reassign(offsetsTopic, [gone], { partition })).toBe('NONE');
    for (const { partition } of led) await on.until(offsetsTopic, { replicas: [gone], isr: [gone] }, { partition });
    await on.kill(gone);
    for (const by of on.running()) for (const { partition } of led) await on.until(offsetsTopic, { leader: -1 }, { partition, by });
    await on.until(topic, { isr: [1, 2, 3].filter((id) => id !== gone) });

    const notThere = {
      group: null,
      coordinator: null,
      error: {
        code: 'COORDINATOR_NOT_AVAILABLE',
        message: `Nobody leads ${led.length} of ${places!.partitionCount} partitions of __consumer_offsets, so the groups that are kept there are not known.`,
      },
    };
    const own = <Row extends { readonly group: string | null }>(rows: readonly Row[]) =>
      rows.filter(({ group }) => group === null || names.includes(group));
    const sorted = (groups: readonly (string | null)[]) => [...groups].sort();

    let listed = own(await inTime(listGroups.run(ports, { pattern: undefined, states: [], types: [] }, run)));
    // The new coordinators of the others load them first.
    await waitFor(
      async () => {
        listed = own(await listGroups.run(ports, { pattern: undefined, states: [], types: [] }, run));
        return listed.length === kept.length + 1;
      },
      () => `${listed.length} rows for ${kept.length} groups`,
      { deadlineMs: 20_000 },
    );
    expect(sorted(listed.slice(0, -1).map(({ group }) => group))).toEqual(sorted(kept));
    expect(listed.at(-1)).toMatchObject(notThere);

    const selection = { kind: 'named', names: [lost[0]!, kept[0]!] } as const;
    expect(await inTime(describeGroups.run(ports, selection, run))).toMatchObject([
      { group: lost[0], state: null, error: { code: 'COORDINATOR_NOT_AVAILABLE' } },
      { group: kept[0], state: 'Empty', error: null },
    ]);

    const lagOptions = { topics: [], grain: 'partition', maxLag: undefined, maxLagMs: undefined } as const;
    const all = own(await inTime(groupLag.run(ports, { ...lagOptions, selection: { kind: 'all' } }, run)));
    expect(sorted(all.flatMap(({ group, committedOffset }) => (committedOffset === 0n ? group : [])))).toEqual(sorted(kept));
    expect(all.at(-1)).toMatchObject({ group: null, error: notThere.error });
    expect(await inTime(groupLag.run(ports, { ...lagOptions, selection }, run))).toMatchObject([
      { group: lost[0], topic: null, error: { code: 'COORDINATOR_NOT_AVAILABLE' } },
      { group: kept[0], topic: topic.name, committedOffset: 0n, error: null },
    ]);

    const scope = { kind: 'all-topics' } as const;
    const options = { selection, scope, target: { kind: 'offset', offset: 0n }, createGroup: false } as const;
    const planned = await inTime(resetOffsets.plan(ports, options, run));
    expect(planned).toMatchObject([
      { group: kept[0], offsetBefore: 0n, outcome: 'not-needed' },
      { group: lost[0], topic: null, outcome: 'failed', error: { code: 'COORDINATOR_NOT_AVAILABLE' } },
    ]);

    await on.restart(gone);
    for (const { partition, replicas } of led) expect(await on.reassign(offsetsTopic, replicas, { partition })).toBe('NONE');
    for (const { partition, replicas } of led) await on.until(offsetsTopic, { replicas, isr: [...replicas].sort() }, { partition });
    const again = await admin.listGroupOffsets(
      lost.map((group) => ({ group })),
      { timeoutMs: 30_000 },
    );
    expect(again.map(({ offsets }) => offsets?.length)).toEqual(lost.map(() => 1));
    await admin.close();
  });
});
