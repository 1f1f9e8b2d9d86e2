import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, inject, it } from 'vitest';

/** All that this suite says is about Apache Kafka: the launcher read its version in its log, and the cluster has the id that the launcher made. */
describe.each(['single', 'three'] as const)('the %s-node cluster', (name) => {
  const { clusterId, bootstrapServers } = inject('kafka')[name];

  it('is the Apache Kafka that was started for this run', async () => {
    const admin = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      const cluster = await admin.describeCluster();
      expect(cluster.clusterId).toBe(clusterId);
      const ports = cluster.brokers.sort((a, b) => a.nodeId - b.nodeId).map(({ port }) => `127.0.0.1:${port}`);
      expect(ports.join(',')).toBe(bootstrapServers);
    } finally {
      await admin.disconnect();
    }
  });
});
