import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest';
import { buildProduct } from '../support/build-product.js';
import { newestKafka } from '../support/kafka-versions.js';
import { kafkaVersion, openSharedCluster, type SharedCluster } from '../support/shared-cluster.js';
import { holdScript, scriptFolder } from './hold-script.js';
import { readScripts } from './script-files.js';

const scripts = readScripts(scriptFolder).filter(({ script: { cluster, notOn } }) =>
  kafkaVersion ? /^(shared|kafka)$/.test(cluster) && !notOn.includes(kafkaVersion) : cluster === 'shared',
);

describe(`scripts on ${kafkaVersion ? `Apache Kafka ${kafkaVersion}` : 'the embedded cluster'}`, () => {
  let cluster: SharedCluster;
  beforeAll(async () => {
    await buildProduct();
    cluster = await openSharedCluster();
  }, 90_000);
  afterAll(() => cluster?.close());
  beforeEach(() => cluster.deleteAllTopics(), 30_000);

  for (const file of scripts) {
    it(file.name, { timeout: 90_000 }, async () => {
      const secured = file.script.cluster === 'kafka' ? cluster.secured : null;
      await holdScript(file, { bootstrapServers: cluster.bootstrapServers, secured, mayRewrite: kafkaVersion === newestKafka });
    });
  }
});
