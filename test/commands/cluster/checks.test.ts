import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/commands.js';
import { checkBrokers, checkLeaderSkew } from '../../../src/commands/cluster/checks/check-brokers.js';
import { checkDiskSkew, checkDiskUsed, checkLogDirs } from '../../../src/commands/cluster/checks/check-disks.js';
import { checkGroupLag, checkGroupLagTime } from '../../../src/commands/cluster/checks/check-groups.js';
import {
  checkAtMinIsr,
  checkOffline,
  checkUnderMinIsr,
  checkUnderReplicated,
} from '../../../src/commands/cluster/checks/check-partitions.js';
import { checkController, checkQuorum } from '../../../src/commands/cluster/checks/check-quorum.js';
import { checkReassignments } from '../../../src/commands/cluster/checks/check-reassignments.js';
import { checkThrottles, type ReplicationRate } from '../../../src/commands/cluster/checks/check-throttles.js';
import { checkTransactions } from '../../../src/commands/cluster/checks/check-transactions.js';
import { type CheckReport, rowsOf } from '../../../src/commands/cluster/checks/finding.js';
import { prometheusText } from '../../../src/commands/cluster/checks/prometheus.js';

const found = ({ findings }: CheckReport) => findings.map(({ severity, subject, value }) => `${severity} ${subject} ${value}`);
const broker = (id: number, leaders: number, alive = true, replicas = 10) => ({
  broker: id,
  host: null,
  port: null,
  rack: null,
  alive,
  leaders,
  replicas,
});
const led = (topic: string, partition: number, replicas: readonly number[], isr: readonly number[], leader = isr[0] ?? -1) => ({
  topic,
  partition,
  replicas,
  isr,
  leader,
});
const refused = { code: 'CLUSTER_AUTHORIZATION_FAILED', message: 'no', retriable: false };

describe('partitions', () => {
  const facts = {
    brokers: [broker(1, 3), broker(2, 1), broker(3, 0, false)],
    partitions: [
      led('a', 0, [1, 2, 3], [1, 2]),
      led('a', 1, [1, 2, 3], [1]),
      led('a', 2, [3], [3], -1),
      led('b', 0, [1], [1]),
      led('c', 0, [1, 2, 3], [1, 2]),
    ],
    minIsr: new Map([
      ['a', 2],
      ['b', 2],
    ]),
    minIsrFailures: [{ subject: 'c', error: refused }],
    reassignments: [{ topic: 'c', partition: 0, replicas: [1, 2, 3], addingReplicas: [3], removingReplicas: [] }],
  };

  it('without a leader are told by topic, with what is down', () => {
    const report = checkOffline(facts);
    expect(found(report)).toEqual(['critical a 1']);
    expect(report.findings[0]).toMatchObject({
      message: 'partition 2 has no leader; replicas of it are on broker 3, which is down',
      partitions: [{ topic: 'a', partition: 2 }],
      next: 'kafka-ts topics describe a',
    });
  });

  it('under min.insync.replicas are critical, and a warning where there never were more replicas', () => {
    const report = checkUnderMinIsr(facts);
    expect(found(report)).toEqual(['critical a 1', 'warning b 1']);
    expect(report.findings[0]?.partitions).toEqual([{ topic: 'a', partition: 1 }]);
    expect(report.failures).toEqual([{ subject: 'c', error: refused }]);
  });

  it('at min.insync.replicas are told where they had more', () => {
    expect(found(checkAtMinIsr(facts))).toEqual(['warning a 1']);
    const asMade = { ...facts, partitions: [led('a', 0, [1, 2], [1, 2])] };
    expect(found(checkAtMinIsr(asMade))).toEqual([]);
  });

  it('out of sync are told by broker, without those that a reassignment brings', () => {
    const report = checkUnderReplicated(facts);
    expect(found(report)).toEqual(['warning broker 2 1', 'warning broker 3 2']);
    expect(report.findings.map(({ message }) => message)).toEqual([
      '1 replica of 1 topic is out of sync: it is alive and behind',
      '2 replicas of 1 topic are out of sync: it is down',
    ]);
  });
});

describe('brokers', () => {
  it('that are down are critical unless nothing is on them', () => {
    expect(found(checkBrokers([broker(1, 5), broker(2, 0, false, 7), broker(3, 0, false, 0)], new Map()))).toEqual([
      'critical broker 2 7',
      'warning broker 3 0',
    ]);
  });

  it('that lead far more than the even share are told, but not for one leader more', () => {
    expect(found(checkLeaderSkew([broker(1, 30), broker(2, 10), broker(3, 5)], 50))).toEqual(['warning broker 1 100']);
    expect(found(checkLeaderSkew([broker(1, 30), broker(2, 10), broker(3, 5)], 100))).toEqual([]);
    expect(found(checkLeaderSkew([broker(1, 2), broker(2, 0), broker(3, 0)], 50))).toEqual([]);
    expect(found(checkLeaderSkew([broker(1, 0, false)], 50))).toEqual([]);
  });
});

describe('the quorum', () => {
  const replica = (node: number, behindMs: number) => ({
    node,
    directoryId: null,
    endpoints: null,
    logEndOffset: behindMs > 0 ? 50n : 100n,
    lastFetchMs: 1_000_000 - behindMs,
    lastCaughtUpMs: 1_000_000 - behindMs,
  });
  const quorum = (voters: readonly number[], observers: readonly number[] = []) => ({
    quorum: {
      leader: 1,
      leaderEpoch: 3,
      highWatermark: 100n,
      voters: voters.map((ms, index) => replica(index + 1, ms)),
      observers: observers.map((ms, index) => replica(index + 11, ms)),
    },
    error: null,
  });

  it('is critical where no other voter may fail', () => {
    expect(found(checkQuorum(quorum([0, 100, 60_000]), new Set(), 10_000))).toEqual(['critical voter 3 60000']);
    expect(found(checkQuorum(quorum([0, 100, 0, 0, 60_000]), new Set(), 10_000))).toEqual(['warning voter 5 60000']);
    expect(found(checkQuorum(quorum([0, 9_999]), new Set(), 10_000))).toEqual([]);
  });

  it('has voters that the leader never heard of', () => {
    const heard = quorum([0, 100]).quorum;
    const silent = { ...replica(3, 0), logEndOffset: -1n, lastFetchMs: null, lastCaughtUpMs: null };
    const report = checkQuorum({ quorum: { ...heard, voters: [...heard.voters, silent] }, error: null }, new Set(), 10_000);
    expect(found(report)).toEqual(['critical voter 3 null']);
    expect(report.findings[0]?.message).toBe('has not fetched since node 1 leads; no other voter may fail');
    const timeless = [1, 2].map((node) => ({ ...replica(node, 50), lastFetchMs: null, lastCaughtUpMs: null }));
    expect(found(checkQuorum({ quorum: { ...heard, voters: timeless }, error: null }, new Set(), 10_000))).toEqual([]);
  });

  it('has observers that lag, but for brokers that are down', () => {
    expect(found(checkQuorum(quorum([0], [60_000, 70_000]), new Set([11]), 10_000))).toEqual(['warning observer 12 70000']);
  });

  it('has a controller, or none, or one that nobody tells of', () => {
    expect(found(checkController(quorum([0]), 7))).toEqual([]);
    const lost = { ...quorum([0]).quorum, leader: -1 };
    expect(found(checkController({ quorum: lost, error: null }, 7))).toEqual(['critical controller 0']);
    const unsupported = { quorum: null, error: { code: 'UNSUPPORTED_VERSION', message: '', retriable: false } };
    expect(found(checkController(unsupported, -1))).toEqual(['critical controller 0']);
    expect(checkController(unsupported, 2).summary).toBe('node 2 is the active controller');
    expect(checkQuorum(unsupported, new Set(), 1).isSkipped).toBe(true);
    expect(checkController({ quorum: null, error: refused }, 2)).toMatchObject({ findings: [], failures: [{ error: refused }] });
  });
});

describe('disks', () => {
  const GIB = 2 ** 30;
  const directory = (usableBytes: number, sizeBytes: number) => ({
    path: '/data',
    totalBytes: 100 * GIB,
    usableBytes,
    cordoned: false,
    replicas: [{ topic: 'a', partition: 0, sizeBytes, offsetLag: 0n, isFuture: false }],
    error: null,
  });
  const broken = {
    path: '/broken',
    totalBytes: null,
    usableBytes: null,
    cordoned: null,
    replicas: null,
    error: { code: 'KAFKA_STORAGE_ERROR', message: '', retriable: true },
  };
  const disks = new Map([
    [1, { logDirs: [directory(4 * GIB, 30 * GIB)], error: null }],
    [2, { logDirs: [directory(10 * GIB, 5 * GIB), broken], error: null }],
    [3, { logDirs: [directory(80 * GIB, 6 * GIB)], error: null }],
    [4, { logDirs: null, error: refused }],
  ]);

  it('that failed are critical, and what is not told is a failure', () => {
    const report = checkLogDirs(disks);
    expect(found(report)).toEqual(['critical broker 2 /broken 1']);
    expect(report.failures).toEqual([{ subject: 'broker 4', error: refused }]);
  });

  it('that are nearly full are told, the fullest first', () => {
    expect(found(checkDiskUsed(disks, 85))).toEqual(['critical broker 1 /data 96', 'warning broker 2 /data 90']);
    expect(checkDiskUsed(disks, 97)).toMatchObject({ findings: [], worst: 96 });
    expect(rowsOf([checkDiskUsed(new Map(), 85)])).toMatchObject([
      { severity: 'skipped', message: 'no broker tells how large its volumes are' },
    ]);
  });

  it('with far more than the even share are told, unless that is less than a segment or so', () => {
    expect(found(checkDiskSkew(disks, 50))).toEqual(['warning broker 1 67']);
    const small = new Map([1, 2].map((id) => [id, { logDirs: [directory(GIB, id * 1_000)], error: null }]));
    expect(found(checkDiskSkew(small, 10))).toEqual([]);
  });
});

describe('throttles', () => {
  const rate = (side: 'leader' | 'follower', bytesPerSecond: number, source: ReplicationRate['source'] = 'DYNAMIC_BROKER_CONFIG') => ({
    name: `${side}.replication.throttled.rate`,
    side,
    bytesPerSecond,
    source,
  });
  const mebibyte = 2 ** 20;

  it('that outlived what they were set for are told, with what removes them', () => {
    const throttled = [
      { broker: 1, topicCount: 2, rates: [rate('leader', mebibyte), rate('follower', mebibyte)], setBy: null },
      {
        broker: 2,
        topicCount: null,
        rates: [rate('leader', 2 * mebibyte), rate('follower', mebibyte, 'DYNAMIC_DEFAULT_BROKER_CONFIG')],
        setBy: null,
      },
      { broker: 3, topicCount: 1, rates: [rate('follower', 10, 'DYNAMIC_DEFAULT_BROKER_CONFIG')], setBy: null },
    ];
    const report = checkThrottles({ throttled, isNeeded: false, failures: [] });
    expect(found(report)).toEqual(['warning broker 1 1048576', 'warning broker 2 1048576', 'warning broker 3 10']);
    expect(report.findings.map(({ message }) => message)).toEqual([
      'replication of 2 topics is throttled to 1.0 MiB/s, though nothing is being reassigned',
      'replication is throttled to 2.0 MiB/s as leader, 1.0 MiB/s as follower, though nothing is being reassigned',
      'replication of 1 topic is throttled to 10 B/s as follower, though nothing is being reassigned',
    ]);
    expect(report.findings.map(({ next }) => next)).toEqual([
      'kafka-ts brokers alter 1 --delete-config leader.replication.throttled.rate,follower.replication.throttled.rate',
      'kafka-ts brokers alter 2 --delete-config leader.replication.throttled.rate',
      'kafka-ts brokers alter --default --delete-config follower.replication.throttled.rate',
    ]);
  });

  it('of a command of this machine are lifted by another', () => {
    const setBy = { command: 'partitions reassign', setAt: '2026-01-02T03:04:05.000Z' };
    const throttled = [{ broker: 1, topicCount: 0, rates: [rate('leader', 1), rate('follower', 1)], setBy }];
    const { findings } = checkThrottles({ throttled, isNeeded: false, failures: [] });
    expect(findings).toMatchObject([
      {
        message:
          'a throttle of 1 B/s is set, so far for no topic, though nothing is being reassigned; partitions reassign set that at 2026-01-02T03:04:05.000Z',
        next: 'kafka-ts partitions unthrottle',
      },
    ]);
  });

  it('are as they should be while replicas move', () => {
    const throttled = [{ broker: 1, topicCount: null, rates: [rate('leader', 1)], setBy: null }];
    expect(checkThrottles({ throttled, isNeeded: true, failures: [] })).toMatchObject({
      findings: [],
      summary: '1 broker throttled while replicas move',
    });
  });
});

describe('reassignments', () => {
  const partitions = [led('a', 0, [1, 2, 3], [1, 2]), led('a', 1, [1, 4], [1]), led('a', 2, [1, 5], [1, 5])];
  const ongoing = [3, 4, 5].map((adding, partition) => ({
    topic: 'a',
    partition,
    replicas: [1, adding],
    addingReplicas: [adding],
    removingReplicas: [],
  }));

  it('are stuck where the broker is down or nothing comes', () => {
    const facts = { ongoing, error: null, idle: new Set([4, 5]), watchedMs: 2_000 };
    expect(found(checkReassignments(facts, partitions, new Set([3])))).toEqual(['warning broker 3 1', 'warning broker 4 1']);
    expect(found(checkReassignments({ ...facts, idle: new Set() }, partitions, new Set()))).toEqual([]);
  });
});

describe('transactions', () => {
  const hanging = {
    topic: 'a b',
    partition: 3,
    producerId: 7n,
    producerEpoch: 0,
    coordinatorEpoch: 1,
    startOffset: 42n,
    lastTimestampMs: 1_000,
  };

  it('that hang are told with what ends them', () => {
    const report = checkTransactions({ hanging: [hanging], failures: [{ broker: 2, error: refused }] }, 61_000, 10);
    expect(found(report)).toEqual(['critical a b:3 60000']);
    expect(report.findings[0]?.next).toBe(
      "kafka-transactions.sh --bootstrap-server HOST:PORT abort --topic 'a b' --partition 3 --start-offset 42",
    );
    expect(report.failures).toEqual([{ subject: 'broker 2', error: refused }]);
  });

  it('are passed over where no broker can tell', () => {
    const unsupported = { code: 'UNSUPPORTED_VERSION', message: 'not here', retriable: false };
    const failures = [
      { broker: 1, error: refused },
      { broker: 2, error: unsupported },
    ];
    const report = checkTransactions({ hanging: [], failures }, 0, 10);
    expect(report).toMatchObject({ isSkipped: true, failures: [], summary: 'not here' });
  });
});

describe('groups', () => {
  const row = (group: string, partition: number, lag: bigint | null, waitingSinceMs: number | null) => ({
    group,
    topic: 'a',
    partition,
    committedOffset: 0n,
    startOffset: 0n,
    endOffset: lag,
    lag,
    waitingSinceMs,
    memberId: null,
    clientId: null,
    host: null,
    state: 'Stable',
    error: lag === null ? refused : null,
  });
  const facts = { lags: [row('g', 0, 5n, 900), row('g', 1, 50n, 700), row('h', 0, 7n, 100), row('i', 0, null, null)], failures: [] };

  it('are told by their worst partition', () => {
    const report = checkGroupLag(facts, 5);
    expect(report.findings.map(({ subject, value, message }) => [subject, value, message])).toEqual([
      ['g', 50n, 'behind by 50 records in a:1'],
      ['h', 7n, 'behind by 7 records in a:0'],
    ]);
    expect(report.failures).toEqual([{ subject: 'i', error: refused }]);
    expect(checkGroupLag(facts, 50)).toMatchObject({ findings: [], worst: 50n });
    expect(found(checkGroupLagTime(facts, 1_000, 300, false))).toEqual(['warning h 900']);
  });

  it('are not measured unless asked for', () => {
    expect(checkGroupLag(facts, null).isSkipped).toBe(true);
    expect(checkGroupLagTime(facts, 0, null, true).isSkipped).toBe(true);
  });
});

describe('the rows', () => {
  const reports = [
    checkLeaderSkew([broker(1, 30), broker(2, 0)], 50),
    checkBrokers([broker(1, 30), broker(2, 0, false, 7)], new Map()),
    checkOffline({ brokers: [], partitions: [], minIsr: new Map(), minIsrFailures: [], reassignments: [] }),
    checkController({ quorum: null, error: refused }, 1),
    checkGroupLag({ lags: [], failures: [] }, null),
  ];

  it('have the worst first, what is not known after what was found, and what is well last', () => {
    expect(rowsOf(reports).map(({ severity, check }) => `${severity} ${check}`)).toEqual([
      'critical brokers',
      'warning leader-skew',
      'unknown controller',
      'skipped group-lag',
      'ok offline-partitions',
    ]);
  });

  it('say what to type by commands that there are', () => {
    const nexts = rowsOf(reports).flatMap(({ next }) => next ?? []);
    expect(nexts.map((next) => next.split(' ').slice(0, 3).join(' '))).toEqual(['kafka-ts brokers describe', 'kafka-ts leaders balance']);
    const named = ['topics describe', 'brokers describe', 'brokers log-dirs', 'cluster quorum', 'partitions reassignments', 'groups lag'];
    expect(Object.keys(commands)).toEqual(expect.arrayContaining([...named, 'leaders balance']));
  });

  it('are metrics in base units, without samples of what is not known', () => {
    const lines = prometheusText(rowsOf(reports)).split('\n');
    expect(lines.filter((line) => !line.startsWith('#'))).toEqual([
      'kafka_cluster_healthy 0',
      'kafka_cluster_check_findings{check="controller",severity="critical"} 0',
      'kafka_cluster_check_findings{check="controller",severity="warning"} 0',
      'kafka_cluster_check_findings{check="brokers",severity="critical"} 1',
      'kafka_cluster_check_findings{check="brokers",severity="warning"} 0',
      'kafka_cluster_check_findings{check="offline-partitions",severity="critical"} 0',
      'kafka_cluster_check_findings{check="offline-partitions",severity="warning"} 0',
      'kafka_cluster_check_findings{check="leader-skew",severity="critical"} 0',
      'kafka_cluster_check_findings{check="leader-skew",severity="warning"} 1',
      'kafka_cluster_check_failures{check="controller"} 1',
      'kafka_cluster_check_failures{check="brokers"} 0',
      'kafka_cluster_check_failures{check="offline-partitions"} 0',
      'kafka_cluster_check_failures{check="leader-skew"} 0',
      'kafka_cluster_brokers_down 1',
      'kafka_cluster_offline_partitions 0',
      'kafka_cluster_leader_skew_ratio 1',
      '',
    ]);
    const families = lines.filter((line) => line.startsWith('# HELP')).map((line) => line.split(' ')[2]);
    expect(lines.filter((line) => line.startsWith('# TYPE'))).toEqual(families.map((name) => `# TYPE ${name} gauge`));
  });
});
