import type { Address } from '../../src/environment/environment.js';

/** A cluster of brokers that a test can make fail, one by one. Each is also a voter of the controllers' quorum. */
export interface BreakableCluster {
  /** Such as `Apache Kafka 4.3.1`. */
  readonly name: string;
  readonly clusterId: string;
  /** Of all brokers, whether they run or not: an address outlives its broker's lives. */
  readonly bootstrapServers: string;
  /** By broker id: 1, 2, 3. */
  readonly addresses: ReadonlyMap<number, Address>;
  /** Ends the broker as SIGKILL does: nothing is handed over, nothing is said. What it wrote stays. */
  readonly kill: (broker: number) => Promise<void>;
  /** Stops it as SIGSTOP does: its connections stand and answer nothing. */
  readonly pause: (broker: number) => Promise<void>;
  readonly resume: (broker: number) => Promise<void>;
  /** Ends it in order: it hands its leaders over and marks the shutdown as clean. */
  readonly shutDown: (broker: number) => Promise<void>;
  /** Starts a broker that was killed or shut down, on its old files and address. Resolves when it takes connections. */
  readonly restart: (broker: number) => Promise<void>;
  /** Ends all brokers at once and removes their files. */
  readonly close: () => Promise<void>;
}

/** Leaders move when a test moves them, on either kind of cluster. */
export const stillLeaders = { 'auto.leader.rebalance.enable': 'false' } as const;

/** How soon a failure is noticed, by Kafka's own configs. */
export interface FailureTimes {
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly replicaLagMs: number;
}

export const configsOf = ({ sessionTimeoutMs, heartbeatMs, replicaLagMs }: FailureTimes): Readonly<Record<string, string>> => ({
  'broker.session.timeout.ms': String(sessionTimeoutMs),
  'broker.heartbeat.interval.ms': String(heartbeatMs),
  'replica.lag.time.max.ms': String(replicaLagMs),
  // A follower's fetch waits no longer than the leader may take to miss it.
  'replica.fetch.wait.max.ms': String(Math.min(500, Math.floor(replicaLagMs / 3))),
  // Offsets that expire are looked for every ten minutes otherwise.
  'offsets.retention.check.interval.ms': '500',
  // Consumers that tell their rack are sent to a replica there.
  'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
});
