import { afterAll, beforeAll, describe, it } from 'vitest';
import { buildProduct } from '../support/build-product.js';
import { newestKafka } from '../support/kafka-versions.js';
import { kafkaVersion, openThreeBrokers, type ThreeBrokers } from '../support/shared-cluster.js';
import { holdScript, scriptFolder } from './hold-script.js';
import { readScripts } from './script-files.js';

const scripts = readScripts(scriptFolder).filter(
  ({ script: { cluster, notOn } }) => cluster === 'three' && !(kafkaVersion && notOn.includes(kafkaVersion)),
);

describe(`scripts on three brokers of ${kafkaVersion ? `Apache Kafka ${kafkaVersion}` : 'the embedded cluster'}`, () => {
  let cluster: ThreeBrokers;
  beforeAll(async () => {
    await buildProduct();
    cluster = await openThreeBrokers();
  }, 90_000);
  afterAll(() => cluster?.close());

  for (const file of scripts) {
    it(file.name, { timeout: 90_000 }, async () => {
      await holdScript(file, { bootstrapServers: cluster.bootstrapServers, mayRewrite: kafkaVersion === newestKafka });
    });
  }
});
