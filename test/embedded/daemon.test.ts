/** The background process as it is built, which the end-to-end scripts see from outside only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { createRealClient } from '../../src/client/real-client.js';
import { DEFAULT_CLUSTER, ensureCluster, findCluster, type Instance, instanceOf, stopCluster } from '../../src/embedded/launcher.js';
import type { Uuid } from '../../src/model/uuid.js';
import { produce } from '../../src/protocol/messages/produce.js';
import { initializeCompression } from '../../src/protocol/records/compression.js';
import { type CompressionType, compressionTypes } from '../../src/protocol/records/compression-type.js';
import { encodeBatch } from '../../src/protocol/records/encode-batch.js';
import { buildProduct } from '../support/build-product.js';
import { endProcessesMarked, processesMarked } from '../support/processes.js';
import { waitFor } from '../support/wait-for.js';
import { temporaryDirectory } from './temporary-directory.js';

const product = fileURLToPath(new URL('../..', import.meta.url));
beforeAll(buildProduct, 60_000);

const programIn = (folder: string) => ({ version: '1.2.3', nodePath: process.execPath, daemonPath: join(folder, 'dist/daemon.js') });
const oneBroker = { ...DEFAULT_CLUSTER, brokers: 1, port: 0 };

function newInstance(): Instance {
  const instance = instanceOf(temporaryDirectory(), 'default');
  onTestFinished(async () => {
    await stopCluster(instance);
  });
  return instance;
}

const pidOf = async (instance: Instance): Promise<number> => {
  const found = await findCluster(instance);
  if (found.state !== 'running') throw new Error(found.state);
  return found.cluster.pid;
};

describe('the background process', () => {
  it('is started once by those who start it at the same time', async () => {
    const instance = newInstance();
    const all = await Promise.all([1, 2, 3].map(() => ensureCluster(programIn(product), instance, oneBroker, null)));
    expect(all.filter(({ ready }) => ready !== null)).toHaveLength(1);
    expect(new Set(all.map(({ cluster }) => cluster.bootstrapServers)).size).toBe(1);
  });

  it('needs none of the files that it was started from, for no codec either', async () => {
    const copy = temporaryDirectory();
    for (const name of ['dist', 'package.json']) cpSync(join(product, name), join(copy, name), { recursive: true });
    symlinkSync(join(product, 'node_modules'), join(copy, 'node_modules'));
    const instance = newInstance();
    const { cluster } = await ensureCluster(programIn(copy), instance, oneBroker, null);
    rmSync(join(copy, 'dist'), { recursive: true });

    const admin = AdminClient.connect({ bootstrapServers: cluster.bootstrapServers });
    onTestFinished(() => admin.close());
    // The broker decodes what goes to a compacted topic, and recompresses what goes to one that wants another codec.
    const topics = compressionTypes.map((codec) => ({
      topic: codec,
      configs: { 'cleanup.policy': 'compact', 'compression.type': recompressed[codec] },
    }));
    const topicIds = (await admin.createTopics(topics)).map(({ topicId }) => topicId ?? '');
    for (const [index, codec] of compressionTypes.entries()) {
      expect([codec, await send(cluster.bootstrapServers, topicIds[index]!, codec)]).toEqual([codec, 0]);
    }
    expect(await stopCluster(instance)).toBe(true);
  });

  it('is told from one that is gone while it is suspended', async () => {
    const instance = newInstance();
    await ensureCluster(programIn(product), instance, oneBroker, null);
    const pid = await pidOf(instance);
    process.kill(pid, 'SIGSTOP');
    try {
      expect(await findCluster(instance)).toEqual({ state: 'silent' });
      await expect(ensureCluster(programIn(product), instance, oneBroker, null)).rejects.toThrow('does not answer');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(await pidOf(instance)).toBe(pid);
  });

  it('stops in order when it is asked to end', async () => {
    const instance = newInstance();
    await ensureCluster(programIn(product), instance, oneBroker, null);
    process.kill(await pidOf(instance), 'SIGTERM');
    await waitFor(
      async () => (await findCluster(instance)).state === 'stopped',
      () => 'it still runs',
    );
  });
});

const recompressed: Readonly<Record<CompressionType, string>> = {
  none: 'zstd',
  gzip: 'uncompressed',
  snappy: 'gzip',
  lz4: 'snappy',
  zstd: 'lz4',
};

/** The error code of a record sent to the topic. */
async function send(bootstrapServers: string, topicId: Uuid, codec: CompressionType): Promise<number | undefined> {
  await initializeCompression();
  const client = createRealClient({ bootstrapServers });
  try {
    const records = encodeBatch([{ timestampMs: Date.now(), key: Buffer.from('key'), value: Buffer.alloc(1_000) }], { compression: codec });
    const response = await client.request(
      produce,
      { transactionalId: null, acks: -1, timeoutMs: 10_000, topicData: [{ topicId, partitionData: [{ index: 0, records }] }] },
      { to: 'any' },
    );
    return response.responses[0]?.partitionResponses[0]?.errorCode;
  } finally {
    client.close();
  }
}

describe('embedded run that is killed', () => {
  const marker = 'KAFKA_TS_TEST_RUN';

  it.each([
    ['one process', [], 5],
    ['a process for each broker', ['--isolate'], 8],
  ])('leaves nothing of %s that runs 2 s later', { timeout: 60_000 }, async (_case, options, processCount) => {
    const temporary = temporaryDirectory();
    onTestFinished(async () => {
      await endProcessesMarked(marker, temporary);
    });
    const run = spawn(
      process.execPath,
      [join(product, 'bin/kafka-ts.js'), 'embedded', 'run', ...options, '--', 'sh', '-c', 'sleep 60 & echo ready; sleep 60'],
      {
        env: { ...process.env, TMPDIR: temporary, [marker]: temporary },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await printed(run, 'ready');
    // The last of them starts after the word.
    await waitFor(
      async () => (await processesMarked(marker, temporary)).length === processCount,
      () => `not ${processCount} processes run`,
    );
    run.kill('SIGKILL');
    await waitFor(
      async () => (await processesMarked(marker, temporary)).length === 0,
      () => 'something still runs',
      { deadlineMs: 2_000 },
    );
  });
});

const printed = (child: ChildProcess, text: string): Promise<void> =>
  new Promise((resolve) => {
    let all = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      all += chunk;
      if (all.includes(text)) resolve();
    });
  });
