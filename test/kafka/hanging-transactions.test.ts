import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { upToVersion } from '../../src/admin/capped-api.js';
import { createRealClient } from '../../src/client/real-client.js';
import { parseJson } from '../../src/model/json.js';
import { produce } from '../../src/protocol/messages/produce.js';
import { initializeCompression } from '../../src/protocol/records/compression.js';
import { encodeBatch } from '../../src/protocol/records/encode-batch.js';
import { checkJsonOutput } from '../e2e/json-schema.js';
import { buildProduct } from '../support/build-product.js';
import { createTopics } from '../support/create-topics.js';
import { runKafkaTool, runProgram } from '../support/kafka-tool.js';
import { waitFor } from '../support/wait-for.js';

const { version, three } = inject('kafka');
const bin = fileURLToPath(new URL('../../bin/kafka-ts.js', import.meta.url));
const schemas = fileURLToPath(new URL('../e2e/schemas', import.meta.url));
const admin = AdminClient.connect({ bootstrapServers: three.bootstrapServers });
const client = createRealClient({ bootstrapServers: three.bootstrapServers });
const topic = `hanging-${randomBytes(4).toString('hex')}`;
const PRODUCER = 999_000_001n;
const HOUR_MS = 3_600_000;

beforeAll(buildProduct, 60_000);
afterAll(async () => {
  client.close();
  await admin.close();
});

/** Since KIP-890 a leader asks the coordinator of a transaction before it takes the first record: the broker is told not to. */
const verification = (operation: { operation: 'set'; value: string } | { operation: 'delete' }) =>
  admin.alterConfigs([
    { resource: { type: 'broker', name: '' }, operations: [{ name: 'transaction.partition.verification.enable', ...operation }] },
  ]);

/** What a producer leaves behind whose coordinator has forgotten it. */
async function openTransaction(): Promise<void> {
  await initializeCompression();
  const records = encodeBatch([{ timestampMs: Date.now() - 2 * HOUR_MS, key: null, value: Buffer.from('open') }], {
    producerId: PRODUCER,
    producerEpoch: 0,
    baseSequence: 0,
    isTransactional: true,
  });
  const answer = await client.request(
    upToVersion(produce, 3, 11),
    {
      transactionalId: topic,
      acks: -1,
      timeoutMs: 10_000,
      topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
    },
    { to: { broker: 2 } },
  );
  const errorCode = answer.responses[0]?.partitionResponses[0]?.errorCode;
  if (errorCode !== 0) throw new Error(`the record was refused: ${errorCode}`);
}

async function check() {
  const args = ['cluster', 'check', '--max-disk-used', '100', '--max-transaction-time', '1h', '-o', 'json'];
  const { stdout } = await runProgram('node', [bin, ...args, '--bootstrap-server', three.bootstrapServers]);
  await checkJsonOutput(schemas, `kafka-ts ${args.join(' ')}`, stdout);
  const rows = parseJson(stdout) as readonly { check: string; severity: string; subject: string; message: string; next: string }[];
  return rows.filter((row) => row.check === 'transactions');
}
const tool = async (...args: readonly string[]) =>
  (await runKafkaTool(version, 'org.apache.kafka.tools.TransactionsCommand', ['--bootstrap-server', three.bootstrapServers, ...args]))
    .stdout;

it("finds a transaction that nobody will end, as Kafka's own tool does, and says what ends it", { timeout: 90_000 }, async () => {
  await createTopics(admin, [{ topic, assignments: [[2, 1]] }]);
  await verification({ operation: 'set', value: 'false' });
  try {
    let refusal = '';
    await waitFor(
      () =>
        openTransaction().then(
          () => true,
          (error: Error) => {
            refusal = error.message;
            return false;
          },
        ),
      () => refusal,
    );
  } finally {
    await verification({ operation: 'delete' });
  }
  const [found, ...others] = await check();
  expect(others).toEqual([]);
  expect(found).toMatchObject({ severity: 'critical', subject: `${topic}:0` });
  expect(found!.message).toContain(`producer ${PRODUCER} opened a transaction at offset 0`);
  const printed = await tool('find-hanging', '--broker-id', '2', '--max-transaction-timeout', '60');
  expect(printed).toMatch(new RegExp(`${topic}\\s+0\\s+${PRODUCER}`));

  const [, words = ''] = /HOST:PORT (.*)$/.exec(found!.next) ?? [];
  await tool(...words.split(' '));
  expect(await check()).toMatchObject([{ severity: 'ok', subject: null }]);
});
