import { describe, expect, it } from 'vitest';
import { checkBrokers } from '../../../src/commands/cluster/checks/check-brokers.js';
import type { Disks } from '../../../src/commands/cluster/checks/check-disks.js';
import { checkOffline } from '../../../src/commands/cluster/checks/check-partitions.js';
import { doubted, unreachedIn, whyStale } from '../../../src/commands/cluster/checks/stale-metadata.js';

const failed = (code: string) => ({ code, message: 'why', retriable: false });
const silent = (code: string) => ({ logDirs: null, error: failed(code) });
const broker = (id: number) => ({ broker: id, host: 'h', port: 1, rack: null, alive: true, leaders: 1, replicas: 4 });
const quorumOf = (leader: number) => ({
  quorum: { leader, leaderEpoch: 3, highWatermark: 1n, voters: [], observers: [] },
  error: null,
});

describe('brokers that do not answer', () => {
  const disks: Disks = new Map<number, ReturnType<typeof silent> | { logDirs: []; error: null }>([
    [1, silent('NETWORK_EXCEPTION')],
    [2, { logDirs: [], error: null }],
    [3, silent('CLUSTER_AUTHORIZATION_FAILED')],
    [4, silent('REQUEST_TIMED_OUT')],
    [5, silent('BROKER_NOT_AVAILABLE')],
  ]);

  it('are those that nothing came back from, and are no longer called alive', () => {
    const unreached = unreachedIn(disks);
    expect([...unreached.keys()]).toEqual([1, 4, 5]);
    const { findings, failures } = checkBrokers([1, 2, 3, 4, 5].map(broker), unreached);
    expect(findings).toMatchObject([
      { severity: 'critical', subject: 'broker 1', value: 4, message: 'not reached, though the cluster lists it as alive: why' },
      { severity: 'critical', subject: 'broker 5', value: 4, message: 'went down during this check' },
    ]);
    // It may only be slow.
    expect(failures).toEqual([{ subject: 'broker 4', error: failed('REQUEST_TIMED_OUT') }]);
  });

  it('make the metadata doubtful, as does a quorum without a leader', () => {
    const none = new Map<number, never>();
    expect(whyStale(quorumOf(1), none)).toBeNull();
    expect(whyStale(null, none)).toBeNull();
    expect(whyStale({ quorum: null, error: failed('CLUSTER_AUTHORIZATION_FAILED') }, none)).toBeNull();
    expect(whyStale({ quorum: null, error: failed('UNSUPPORTED_VERSION') }, none)).toBeNull();
    expect(whyStale({ quorum: null, error: failed('REQUEST_TIMED_OUT') }, none)).toBe('the active controller is not known');
    expect(whyStale(quorumOf(-1), none)).toBe('there is no active controller');
    expect(whyStale(quorumOf(1), unreachedIn(disks))).toBe('brokers 1,4,5 do not answer');
  });
});

describe('a check of the metadata', () => {
  const report = (leader: number) =>
    checkOffline({
      brokers: [broker(1)],
      partitions: [{ topic: 'a', partition: 0, replicas: [1], isr: [1], leader }],
      minIsr: new Map(),
      minIsrFailures: [],
      reassignments: [],
    });

  it('does not say that all is well of what may be stale, and tells what it found', () => {
    expect(doubted(report(1), null)).toEqual(report(1));
    expect(doubted(report(1), 'broker 1 does not answer')).toMatchObject({
      isSkipped: true,
      summary: 'not known, as the metadata may be stale: broker 1 does not answer',
    });
    expect(doubted(report(-1), 'broker 1 does not answer')).toEqual(report(-1));
    const brokers = checkBrokers([broker(1)], new Map());
    expect(doubted(brokers, 'there is no active controller')).toEqual(brokers);
  });
});
