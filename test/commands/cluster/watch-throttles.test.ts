import { expect, it } from 'vitest';
import type { AdminClient } from '../../../src/admin/admin-client.js';
import type { ConfigResource } from '../../../src/admin/configs.js';
import { watchThrottles } from '../../../src/commands/cluster/checks/watch-throttles.js';
import type { ClusterPorts } from '../../../src/commands/ports.js';
import { failure } from '../../../src/model/error-code.js';
import { noThrottles } from '../../support/no-throttles.js';

const rate = 'leader.replication.throttled.rate';
const replicas = 'leader.replication.throttled.replicas';
const silent = failure('REQUEST_TIMED_OUT');
const move = { topic: 'a', partition: 0, replicas: [1, 2], addingReplicas: [2], removingReplicas: [] };
const set = (name: string, value: string) => ({
  name,
  value,
  source: 'DYNAMIC_BROKER_CONFIG',
  sensitive: false,
  readOnly: false,
  synonyms: [],
});

/** Broker 1 has a rate at the first `looks`, broker 2 none, broker 3 does not answer; topic a lists a replica on broker 1. */
function watch({ looks = 2, moving = [[]] as readonly (readonly (typeof move)[])[] } = {}) {
  let looked = 0;
  let asked = 0;
  const slept: number[] = [];
  const admin = {
    describeConfigs: async (resources: readonly ConfigResource[]) => {
      const isThere = resources[0]?.type === 'broker' && looked++ < looks;
      return resources.map((resource) => {
        if (resource.name === '3') return { resource, configs: null, error: silent };
        const configs = resource.name === '1' && isThere ? [set(rate, '1000')] : resource.name === 'a' ? [set(replicas, '0:1,0:7')] : [];
        return { resource, configs, error: null };
      });
    },
    listPartitionReassignments: async () => moving[Math.min(asked++, moving.length - 1)]!,
  } as unknown as AdminClient;
  const ports: ClusterPorts = {
    admin,
    now: () => 0,
    sleep: async (ms) => {
      slept.push(ms);
    },
    throttles: noThrottles,
  };
  const first = admin.listPartitionReassignments(null).then((ongoing) => ({ ongoing, error: null }));
  const subjects = { brokers: [1, 2, 3], topics: ['a', 'b'], sampleMs: 5 };
  return { slept, facts: watchThrottles(ports, first, subjects, new AbortController().signal) };
}

it('are there while nothing moves, twice', async () => {
  const { slept, facts } = watch();
  expect(await facts).toEqual({
    throttled: [
      {
        broker: 1,
        rates: [{ name: rate, side: 'leader', bytesPerSecond: 1000, source: 'DYNAMIC_BROKER_CONFIG' }],
        topicCount: 1,
        setBy: null,
      },
    ],
    isNeeded: false,
    failures: [{ subject: 'broker 3', error: silent }],
  });
  expect(slept).toEqual([5]);
});

it('are none of those that go, or that something moves for, between two looks', async () => {
  expect(await watch({ looks: 1 }).facts).toMatchObject({ throttled: [], isNeeded: true });
  expect(await watch({ moving: [[], [move]] }).facts).toMatchObject({ throttled: [{ broker: 1 }], isNeeded: true });
});

it('are looked at once where something moves, or there are none', async () => {
  for (const { slept, facts } of [watch({ moving: [[move]] }), watch({ looks: 0 })]) {
    expect((await facts).isNeeded).toBe(true);
    expect(slept).toEqual([]);
  }
});
