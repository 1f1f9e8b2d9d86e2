import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type BackgroundCluster, startBackgroundCluster } from '../../src/embedded/background-cluster.js';
import { askDaemon } from '../../src/embedded/control-client.js';
import { daemonFormat } from '../../src/embedded/daemon-file.js';
import type { ClusterRequest } from '../../src/embedded/daemon-messages.js';
import { DEFAULT_CLUSTER, ensureCluster, findCluster, type Instance, instanceOf, stopCluster } from '../../src/embedded/launcher.js';
import type { NodeHost } from '../../src/embedded/node-host.js';
import { inspectInstance, removeInstance } from '../../src/embedded/remove-instance.js';
import { makePrivateDirectory, readStateFile, writeStateFile } from '../../src/embedded/state-file.js';
import { type Clock, DiskLockedError, type Environment } from '../../src/environment/environment.js';
import { createRealEnvironment } from '../../src/environment/real.js';
import { MachineError, UsageError } from '../../src/model/errors.js';
import { listenHttp, listenSilent } from '../support/listeners.js';
import { waitFor } from '../support/wait-for.js';
import { standInHost } from './stand-in-host.js';
import { temporaryDirectory } from './temporary-directory.js';

const newInstance = (name = 'default', state = temporaryDirectory()): Instance => {
  const instance = instanceOf(state, name);
  makePrivateDirectory(instance.paths.directory);
  return instance;
};

/** As a background process would, in this one; port 0 unless told. Stopped when the test has finished. */
async function start(
  instance: Instance,
  asked: Partial<ClusterRequest> = {},
  {
    idleMs = null,
    host = standInHost,
    environment = createRealEnvironment(),
  }: { idleMs?: number | null; host?: NodeHost; environment?: Environment } = {},
): Promise<BackgroundCluster & { readonly isStopped: () => boolean }> {
  let stopped = false;
  const cluster = { brokers: 1, port: 0, dataDirectory: null, ephemeral: false, configs: {}, ...asked };
  const background = await startBackgroundCluster(
    environment,
    { version: '1.2.3', cluster, instance: instance.paths, idleMs },
    {
      pid: 4711,
      host,
      onStop: (stopping) => {
        stopping.then(() => {
          stopped = true;
        });
      },
    },
  );
  onTestFinished(background.stop);
  return { ...background, isStopped: () => stopped };
}

const running = async (instance: Instance) => {
  const found = await findCluster(instance);
  if (found.state !== 'running') throw new Error(found.state);
  return found.cluster;
};
/** Until the test has finished. Gives the port that is taken. */
async function occupyPort(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
const portOf = (bootstrapServers: string): number => Number(bootstrapServers.split(':')[1]);

describe('an instance', () => {
  it('is found while it runs, and not before and after', async () => {
    const instance = newInstance();
    expect(await findCluster(instance)).toEqual({ state: 'stopped' });
    const { ready } = await start(instance, { configs: { 'num.partitions': '3' } });
    expect(await running(instance)).toMatchObject({
      bootstrapServers: ready.bootstrapServers,
      controllerId: 1,
      nodes: [{ id: 1, port: portOf(ready.bootstrapServers), state: 'running' }],
      ephemeral: false,
      dataDirectory: instance.paths.dataDirectory,
      configs: { 'num.partitions': '3' },
      pid: 4711,
      version: '1.2.3',
    });
    expect(await stopCluster(instance)).toBe(true);
    expect(await findCluster(instance)).toEqual({ state: 'stopped' });
    expect(await stopCluster(instance)).toBe(false);
  });

  it('keeps its files from others', async () => {
    const instance = newInstance();
    await start(instance);
    expect(statSync(instance.paths.directory).mode & 0o777).toBe(0o700);
    for (const file of [instance.paths.daemonFile, instance.paths.clusterFile, instance.paths.logFile]) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
  });

  it('is one cluster however many start it', async () => {
    const instance = newInstance();
    await start(instance);
    await expect(start(instance)).rejects.toThrow(DiskLockedError);
  });

  it('keeps its id, port, configs and data over a restart', async () => {
    const instance = newInstance();
    const first = await start(instance, { configs: { 'num.partitions': '1', 'fetch.max.bytes': '2000' } });
    const before = readFileSync(instance.paths.clusterFile, 'utf8');
    await first.stop();
    const second = await start(instance, { port: null });
    expect(second.ready).toMatchObject({ bootstrapServers: first.ready.bootstrapServers, notes: [] });
    expect(readFileSync(instance.paths.clusterFile, 'utf8')).toBe(before);
    await second.stop();
    const third = await start(instance, { port: null, configs: { 'fetch.max.bytes': '3000' } });
    expect(third.ready.configs).toEqual({ 'num.partitions': '1', 'fetch.max.bytes': '3000' });
  });

  it('takes another port where its own is in use, and says so', async () => {
    const instance = newInstance();
    const first = await start(instance);
    await first.stop();
    const port = portOf(first.ready.bootstrapServers);
    await occupyPort(port);
    const second = await start(instance, { port: null });
    const other = portOf(second.ready.bootstrapServers);
    expect(other).toBeGreaterThanOrEqual(29_092);
    expect(second.ready.notes).toEqual([`port ${port} is in use; this cluster takes ${other}`]);
  });

  it('looks for another port where one that was free is taken before it is used', async () => {
    const instance = newInstance();
    let attempts = 0;
    const { ready } = await start(
      instance,
      { port: null },
      {
        host: (request, watch) => {
          if (attempts++ === 0) throw Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' });
          return standInHost(request, watch);
        },
      },
    );
    expect(attempts).toBe(2);
    expect((await running(instance)).bootstrapServers).toBe(ready.bootstrapServers);
  });

  it('does not start on a port in use that was asked for, and leaves nothing locked', async () => {
    const instance = newInstance();
    const port = await occupyPort(0);
    await expect(start(instance, { port })).rejects.toThrow(
      expect.objectContaining({ message: `port ${port} is in use`, hint: expect.stringContaining('--port') }),
    );
    expect(await findCluster(instance)).toEqual({ state: 'stopped' });
    expect(existsSync(instance.paths.clusterFile)).toBe(false);
    await start(instance);
  });

  it('refuses what its data contradict', async () => {
    const instance = newInstance();
    await (await start(instance)).stop();
    await expect(start(instance, { dataDirectory: temporaryDirectory() })).rejects.toThrow(UsageError);
    writeFileSync(join(instance.paths.dataDirectory, 'node-1/meta.properties'), 'version=1\ncluster.id=other\n');
    await expect(start(instance)).rejects.toThrow(/is of cluster other, not of/);
  });

  it('refuses more brokers than it can have', async () => {
    const instance = newInstance();
    await expect(start(instance, { brokers: 3 })).rejects.toThrow(UsageError);
    await expect(start(instance, { brokers: 0 })).rejects.toThrow(UsageError);
  });

  it('is the cluster whose data it is given', async () => {
    const dataDirectory = temporaryDirectory();
    const first = newInstance();
    await (await start(first, { dataDirectory })).stop();
    const second = newInstance();
    await start(second, { dataDirectory });
    const idOf = ({ paths }: Instance) => JSON.parse(readFileSync(paths.clusterFile, 'utf8')).clusterId;
    expect(idOf(second)).toBe(idOf(first));
    expect(JSON.parse(readFileSync(second.paths.clusterFile, 'utf8')).dataDirectory).toBe(dataDirectory);
  });

  it('keeps nothing where it is ephemeral, and leaves the data that last alone', async () => {
    const instance = newInstance();
    await (await start(instance)).stop();
    const before = readFileSync(instance.paths.clusterFile, 'utf8');
    const ephemeral = await start(instance, { ephemeral: true });
    const { dataDirectory } = await running(instance);
    expect(existsSync(join(dataDirectory, 'node-1'))).toBe(true);
    expect(dataDirectory.startsWith(instance.paths.directory)).toBe(false);
    await ephemeral.stop();
    expect(existsSync(join(dataDirectory, '..'))).toBe(false);
    expect(readFileSync(instance.paths.clusterFile, 'utf8')).toBe(before);
  });

  it('undoes all of it where a node does not start', async () => {
    const instance = newInstance();
    const failing = async () => {
      throw new Error('no');
    };
    await expect(start(instance, {}, { host: failing })).rejects.toThrow('no');
    expect(await findCluster(instance)).toEqual({ state: 'stopped' });
  });
});

describe('the control port', () => {
  const environment = createRealEnvironment();
  const daemonOf = ({ paths }: Instance) => readStateFile(paths.daemonFile, daemonFormat)!;

  it('answers nobody without the token', async () => {
    const instance = newInstance();
    await start(instance);
    const daemon = { ...daemonOf(instance), token: 'guessed' };
    expect(await askDaemon(environment, daemon, 'stop', { wanted: ['stopped'], timeoutMs: 5_000 })).toEqual({ outcome: 'gone' });
    expect((await findCluster(instance)).state).toBe('running');
  });

  it('closes what talks garbage, and goes on', async () => {
    const instance = newInstance();
    await start(instance);
    for (const garbage of ['GET / HTTP/1.1\r\n\r\n', 'null\n', '[]\n', '{}\n', 'x'.repeat(70_000)]) {
      const socket = connect(daemonOf(instance).controlPort, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(garbage);
      await once(socket, 'close');
    }
    expect((await findCluster(instance)).state).toBe('running');
  });

  it('refuses a request that it does not know, as one of a newer version', async () => {
    const instance = newInstance();
    await start(instance);
    const asked = await askDaemon(environment, daemonOf(instance), 'dance' as 'stop', { wanted: ['stopped'], timeoutMs: 5_000 });
    expect(asked).toMatchObject({ answer: { state: 'refused', message: "kafka-ts 1.2.3 knows no request 'dance'" } });
  });

  it.each([
    ['nobody listens', async () => ({ port: 1, close: async () => {} })],
    ['a web server listens', listenHttp],
    ['somebody silent listens', listenSilent],
  ])('is not believed from a stale file where %s, whoever has the process id', async (_case, listen) => {
    const instance = newInstance();
    const { port, close } = await listen();
    onTestFinished(close);
    writeStateFile(instance.paths.daemonFile, daemonFormat, { pid: process.pid, nonce: 'n', version: '1', controlPort: port, token: 't' });
    expect(await findCluster(instance)).toEqual({ state: 'stopped' });
    expect(await stopCluster(instance)).toBe(false);
    expect(existsSync(instance.paths.daemonFile)).toBe(false);
    await start(instance);
    expect((await running(instance)).pid).toBe(4711);
  });

  it('is silent where its process is suspended', async () => {
    const instance = newInstance();
    const { port, close } = await listenSilent();
    onTestFinished(close);
    onTestFinished(environment.disk.lock(instance.paths.lockFile));
    writeStateFile(instance.paths.daemonFile, daemonFormat, { pid: process.pid, nonce: 'n', version: '1', controlPort: port, token: 't' });
    expect(await findCluster(instance)).toEqual({ state: 'silent' });
    await expect(stopCluster(instance)).rejects.toThrow("the embedded cluster 'default' does not answer");
  });

  it('names both versions where a newer kafka-ts wrote the file', async () => {
    const instance = newInstance();
    writeFileSync(instance.paths.daemonFile, '{"formatVersion": 2}');
    await expect(findCluster(instance)).rejects.toThrow(/has format 2, .* reads up to format 1/);
  });
});

describe('a cluster that another command started', () => {
  /** With a clock whose hour passes when the test says so. */
  async function startWithHour(instance: Instance) {
    const idleMs = 3_600_000;
    const environment = createRealEnvironment();
    const hours = new Set<() => void>();
    const clock: Clock = {
      ...environment.clock,
      after: (delayMs, task) => {
        if (delayMs !== idleMs) return environment.clock.after(delayMs, task);
        hours.add(task);
        return () => hours.delete(task);
      },
    };
    const cluster = await start(instance, {}, { idleMs, environment: { ...environment, clock } });
    const passHour = (): void => {
      for (const task of hours) task();
    };
    return { ...cluster, hours, passHour };
  }
  const connectTo = async (bootstrapServers: string) => {
    const socket = connect(portOf(bootstrapServers), '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };

  it('stops when there was no connection for an hour', async () => {
    const instance = newInstance();
    const { ready, hours, passHour, isStopped } = await startWithHour(instance);
    expect(hours.size).toBe(1);
    const socket = await connectTo(ready.bootstrapServers);
    await waitFor(
      () => hours.size === 0,
      () => 'the hour still runs while a client is connected',
    );
    socket.destroy();
    await waitFor(
      () => hours.size === 1,
      () => 'the hour does not begin again',
    );
    passHour();
    await waitFor(isStopped, () => 'it still runs');
    expect(await findCluster(instance)).toEqual({ state: 'stopped' });
  });

  it('goes on once somebody has started it for good', async () => {
    const instance = newInstance();
    const { hours, ready } = await startWithHour(instance);
    const unused = { version: '1.2.3', nodePath: '/nowhere', daemonPath: '/nowhere' };
    await ensureCluster(unused, instance, DEFAULT_CLUSTER, 1_000);
    expect(hours.size).toBe(1);
    expect((await ensureCluster(unused, instance, DEFAULT_CLUSTER, null)).cluster.bootstrapServers).toBe(ready.bootstrapServers);
    expect(hours.size).toBe(0);
  });
});

describe('removeInstance', () => {
  it('removes that instance and no other', async () => {
    const state = temporaryDirectory();
    const [doomed, other] = [newInstance('doomed', state), newInstance('other', state)];
    await (await start(doomed)).stop();
    await (await start(other)).stop();
    expect(inspectInstance(doomed)).toEqual({ exists: true, dataDirectory: doomed.paths.dataDirectory });
    removeInstance(doomed);
    expect(inspectInstance(doomed).exists).toBe(false);
    expect(existsSync(join(other.paths.dataDirectory, 'node-1/meta.properties'))).toBe(true);
  });

  it('takes from a directory that a person chose only what is of this cluster', async () => {
    const dataDirectory = temporaryDirectory();
    const instance = newInstance();
    await (await start(instance, { dataDirectory })).stop();
    writeFileSync(join(dataDirectory, 'letter.txt'), 'dear');
    mkdirSync(join(dataDirectory, 'node-2'));
    removeInstance(instance);
    expect(readdirSync(dataDirectory)).toEqual(['letter.txt', 'node-2']);
  });

  it('leaves data that now belong to another cluster', async () => {
    const dataDirectory = temporaryDirectory();
    const instance = newInstance();
    await (await start(instance, { dataDirectory })).stop();
    writeFileSync(join(dataDirectory, 'node-1/meta.properties'), 'version=1\ncluster.id=other\n');
    removeInstance(instance);
    expect(readdirSync(dataDirectory)).toEqual(['node-1']);
  });

  it('refuses one that runs', async () => {
    const instance = newInstance();
    await start(instance);
    expect(() => removeInstance(instance)).toThrow(MachineError);
    expect((await findCluster(instance)).state).toBe('running');
  });
});
