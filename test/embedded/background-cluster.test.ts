import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { type BackgroundCluster, startBackgroundCluster } from '../../src/embedded/background-cluster.js';
import { clusterFormat } from '../../src/embedded/cluster-file.js';
import { askDaemon } from '../../src/embedded/control-client.js';
import { daemonFormat } from '../../src/embedded/daemon-file.js';
import type { ClusterRequest } from '../../src/embedded/daemon-messages.js';
import { createInProcessHost } from '../../src/embedded/in-process-host.js';
import {
  DEFAULT_CLUSTER,
  ensureCluster,
  faultBroker,
  findCluster,
  type Instance,
  instanceOf,
  stopCluster,
} from '../../src/embedded/launcher.js';
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
  const cluster = { ...DEFAULT_CLUSTER, brokers: 1, port: 0, ...asked };
  const background = await startBackgroundCluster(
    environment,
    { version: '1.2.3', cluster, instance: instance.paths, idleMs },
    {
      pid: 4711,
      hostOf: () => host,
      onStop: (stopping) => {
        stopping.then(() => {
          stopped = true;
        });
      },
      onDisowned: () => {},
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

  it('says which brokers begin anew, as their data are gone since the last start', async () => {
    const instance = newInstance();
    const { dataDirectory } = instance.paths;
    const startAgain = async (...without: readonly number[]): Promise<readonly string[]> => {
      for (const id of without) rmSync(join(dataDirectory, `node-${id}`), { recursive: true });
      const { ready, stop } = await start(instance, { brokers: 3 });
      await stop();
      return ready.notes;
    };
    expect(await startAgain()).toEqual([]);
    expect(await startAgain()).toEqual([]);
    const after = 'what the other brokers have of them is copied anew, the rest is lost';
    expect(await startAgain(2)).toEqual([`the data of broker 2 in ${dataDirectory} are gone: ${after}`]);
    expect(await startAgain(1, 3)).toEqual([`the data of brokers 1, 3 in ${dataDirectory} are gone: ${after}`]);
    expect(await startAgain(1, 2, 3)).toEqual([
      `the data in ${dataDirectory} are gone: the cluster begins anew, without the topics that it had`,
    ]);
    expect(readFileSync(instance.paths.logFile, 'utf8')).toContain(`warn the data of broker 2 in ${dataDirectory} are gone`);
  });

  it('says of a disk that refuses where that is, though the system does not', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const instance = newInstance();
    const started = start(instance, {}, { host: () => Promise.reject(full) });
    await expect(started).rejects.toThrow(MachineError);
    await expect(started).rejects.toThrow(`cannot use ${instance.paths.dataDirectory}: no space left on the disk`);
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

  it('refuses more brokers than it can have, and racks that it cannot fill', async () => {
    const instance = newInstance();
    await expect(start(instance, { brokers: 31 })).rejects.toThrow(UsageError);
    await expect(start(instance, { brokers: 0 })).rejects.toThrow(UsageError);
    await expect(start(instance, { brokers: 1, racks: ['a', 'b'] })).rejects.toThrow(UsageError);
    await expect(start(instance, { brokers: 2, racks: ['a', ''] })).rejects.toThrow(UsageError);
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

describe('a cluster of several brokers', () => {
  const states = ({ nodes }: { nodes: readonly { state: string }[] }) => nodes.map(({ state }) => state);
  const notes = ({ nodes }: { nodes: readonly { note?: string | null }[] }) => nodes.map(({ note }) => note);
  const ports = ({ nodes }: { nodes: readonly { port: number }[] }) => nodes.map(({ port }) => port);

  it('keeps its ports, racks and number of brokers over a restart', async () => {
    const instance = newInstance();
    const first = await start(instance, { brokers: 3, racks: ['r1', 'r2'], isolate: true });
    expect(first.ready).toMatchObject({ isolate: true, controllerId: 1, nodes: [{ rack: 'r1' }, { rack: 'r2' }, { rack: 'r1' }] });
    await first.stop();
    const second = await start(instance, { brokers: null, port: null });
    expect(second.ready).toEqual({ ...first.ready, notes: [] });
    await second.stop();
    await expect(start(instance, { brokers: 1 })).rejects.toThrow('was made with 3 brokers, not 1');
    const moved = await start(instance, { brokers: null, racks: ['r3'] });
    expect(moved.ready.nodes.map(({ rack }) => rack)).toEqual(['r3', 'r3', 'r3']);
  });

  it('takes ports in a row, all of them or, where one is in use, others', async () => {
    const instance = newInstance();
    const { ready, stop } = await start(instance, { brokers: 3, port: null });
    const [first = 0] = ports(ready);
    expect(first).toBeGreaterThanOrEqual(29_092);
    expect(ports(ready)).toEqual([first, first + 1, first + 2]);
    await stop();
    await occupyPort(first + 1);
    const next = await start(instance, { brokers: 3, port: null });
    const [other = 0] = ports(next.ready);
    expect(other).toBeGreaterThan(first + 1);
    expect(next.ready.notes).toEqual([`port ${first + 1} is in use; this cluster takes ${other} to ${other + 2}`]);
    await next.stop();
    await expect(start(instance, { brokers: 3, port: first })).rejects.toThrow(`port ${first + 1} is in use`);
    expect(await findCluster(instance)).toEqual({ state: 'stopped' });
  });

  it('has as many brokers as there are data of', async () => {
    const dataDirectory = temporaryDirectory();
    await (await start(newInstance(), { brokers: 3, dataDirectory })).stop();
    const other = await start(newInstance(), { brokers: null, dataDirectory });
    expect(other.ready.nodes).toHaveLength(3);
  });

  it('lets one of its brokers be killed, paused and brought back', async () => {
    const instance = newInstance();
    const { ready } = await start(instance, { brokers: 3 });
    expect(states(await faultBroker(instance, 'kill', 2))).toEqual(['running', 'killed', 'running']);
    expect(states(await faultBroker(instance, 'pause', 3))).toEqual(['running', 'killed', 'paused']);
    expect(states(await running(instance))).toEqual(['running', 'killed', 'paused']);
    await expect(faultBroker(instance, 'pause', 2)).rejects.toThrow('broker 2 is killed');
    await expect(faultBroker(instance, 'kill', 4)).rejects.toThrow('there is no broker 4');
    expect(states(await faultBroker(instance, 'resume', 3))).toEqual(['running', 'killed', 'running']);
    const again = await faultBroker(instance, 'resume', 2);
    expect(states(again)).toEqual(['running', 'running', 'running']);
    expect(ports(again)).toEqual(ports(ready));
  });

  it('names no controller that does not run', async () => {
    const instance = newInstance();
    await start(instance, { brokers: 3 });
    expect((await faultBroker(instance, 'pause', 1)).controllerId).toBe(-1);
    expect((await faultBroker(instance, 'resume', 1)).controllerId).toBe(1);
  });

  it('tells of a broker that cannot come back, and lets it be tried again', async () => {
    const instance = newInstance();
    const { ready } = await start(instance, { brokers: 3 });
    await faultBroker(instance, 'kill', 2);
    const taken = createServer().listen(ports(ready)[1], '127.0.0.1');
    await once(taken, 'listening');
    await expect(faultBroker(instance, 'resume', 2)).rejects.toThrow(`port ${ports(ready)[1]} is in use`);
    expect(states(await running(instance))).toEqual(['running', 'killed', 'running']);
    taken.close();
    await once(taken, 'close');
    expect(states(await faultBroker(instance, 'resume', 2))).toEqual(['running', 'running', 'running']);
  });

  it('lets no broker begin anew where the data of all were moved away', async () => {
    const instance = newInstance();
    await start(instance, { brokers: 3 });
    await faultBroker(instance, 'kill', 2);
    const { dataDirectory } = instance.paths;
    renameSync(dataDirectory, `${dataDirectory}.moved`);
    await expect(faultBroker(instance, 'resume', 2)).rejects.toThrow(`the data directory ${dataDirectory} was moved or removed`);
    expect(existsSync(dataDirectory)).toBe(false);
    renameSync(`${dataDirectory}.moved`, dataDirectory);
    expect(states(await faultBroker(instance, 'resume', 2))).toEqual(['running', 'running', 'running']);
  });

  it('says of a broker whose data were removed that it begins anew', async () => {
    const instance = newInstance();
    await start(instance, { brokers: 3 });
    await faultBroker(instance, 'kill', 2);
    const { dataDirectory, logFile } = instance.paths;
    rmSync(join(dataDirectory, 'node-2'), { recursive: true });
    const resumed = await faultBroker(instance, 'resume', 2);
    expect(states(resumed)).toEqual(['running', 'running', 'running']);
    expect(notes(resumed)).toEqual([null, expect.stringContaining(`the data of broker 2 in ${dataDirectory} are gone`), null]);
    expect(notes(await faultBroker(instance, 'kill', 2))).toEqual([null, null, null]);
    expect(notes(await faultBroker(instance, 'resume', 2))).toEqual([null, null, null]);
    await faultBroker(instance, 'kill', 3);
    await faultBroker(instance, 'resume', 3);
    const log = readFileSync(logFile, 'utf8');
    expect(log).toContain(`warn the data of broker 2 in ${dataDirectory} are gone`);
    expect(log).not.toContain('broker 3 in');
  });

  it('does not wait for a broker to start for which too few controllers run', async () => {
    const instance = newInstance();
    let mayStart = true;
    const host: NodeHost = async (request, watch) => {
      const node = await standInHost(request, watch);
      return { ...node, start: () => (mayStart ? Promise.resolve() : new Promise(() => {})) };
    };
    await start(instance, { brokers: 3 }, { host });
    for (const broker of [1, 2, 3]) await faultBroker(instance, 'kill', broker);
    mayStart = false;
    expect(states(await faultBroker(instance, 'resume', 3))).toEqual(['killed', 'killed', 'starting']);
    mayStart = true;
    expect(states(await faultBroker(instance, 'resume', 1))).toEqual(['running', 'killed', 'starting']);
    expect(states(await faultBroker(instance, 'kill', 3))).toEqual(['running', 'killed', 'killed']);
  });

  it('does not start, and leaves nothing, where one of its nodes ends before it is ready', async () => {
    const instance = newInstance();
    const ended: number[] = [];
    const host: NodeHost = async (request, watch) => {
      const node = await standInHost(request, watch);
      const kill = async () => {
        ended.push(request.id);
        await node.kill();
      };
      if (request.id !== 2) return { ...node, kill, start: () => new Promise(() => {}) };
      const crashed = Promise.resolve('was ended by SIGSEGV');
      // Its end may be noticed before what was asked of it fails.
      return { ...node, kill, ended: crashed, start: () => crashed.then(() => Promise.reject(new Error('its process has ended'))) };
    };
    await expect(start(instance, { brokers: 3 }, { host })).rejects.toThrow('its process has ended');
    expect(ended.sort()).toEqual([1, 2, 3]);
    expect(await findCluster(instance)).toEqual({ state: 'stopped' });
  });

  it('goes on without a broker whose process ends by itself', async () => {
    const instance = newInstance();
    let crash = (_how: string): void => {};
    const host: NodeHost = async (request, watch) => {
      const node = await standInHost(request, watch);
      if (request.id !== 3) return node;
      return { ...node, ended: new Promise((resolve) => (crash = resolve)) };
    };
    await start(instance, { brokers: 3 }, { host });
    crash('its process was ended by SIGSEGV');
    await waitFor(
      async () => states(await running(instance))[2] === 'killed',
      () => 'it counts as running',
    );
    expect(readFileSync(instance.paths.logFile, 'utf8')).toContain('Broker 3 has ended: its process was ended by SIGSEGV');
  });

  it('stops all controllers, then the brokers', async () => {
    const instance = newInstance();
    const done: string[] = [];
    const host: NodeHost = async (request, watch) => {
      const node = await standInHost(request, watch);
      return {
        ...node,
        resume: () => {
          done.push(`resume ${request.id}`);
          node.resume();
        },
        stopControl: async () => void done.push('stop control'),
        stop: async () => {
          done.push('stop');
          await node.stop();
        },
      };
    };
    const { stop } = await start(instance, { brokers: 4 }, { host });
    await faultBroker(instance, 'pause', 2);
    await faultBroker(instance, 'kill', 4);
    await stop();
    expect(done).toEqual(['resume 2', ...Array(3).fill('stop control'), ...Array(3).fill('stop')]);
  });
});

it('stops all the same where its data were moved away, and says so', async () => {
  const instance = newInstance();
  makePrivateDirectory(instance.paths.dataDirectory);
  const host: NodeHost = async (request, watch) => {
    const node = await standInHost(request, watch);
    const stop = async (): Promise<void> => {
      await node.stop();
      throw Object.assign(new Error('ENOENT: no such file or directory, open'), { code: 'ENOENT' });
    };
    return { ...node, stop };
  };
  const ended: unknown[] = [];
  await startBackgroundCluster(
    createRealEnvironment(),
    { version: '1.2.3', cluster: { ...DEFAULT_CLUSTER, brokers: 1, port: 0 }, instance: instance.paths, idleMs: null },
    {
      pid: 4711,
      hostOf: () => host,
      onStop: (stopping) => void stopping.catch((error: unknown) => void ended.push(error)),
      onDisowned: () => {},
    },
  );
  renameSync(instance.paths.dataDirectory, join(instance.paths.directory, 'elsewhere'));
  await expect(stopCluster(instance)).rejects.toThrow(
    `the embedded cluster has stopped, but its data directory ${instance.paths.dataDirectory} was moved or removed under it`,
  );
  expect(ended).toEqual([expect.any(MachineError)]);
  expect(await findCluster(instance)).toEqual({ state: 'stopped' });
});

describe('the file of a cluster', () => {
  it('is migrated from the time of one broker without a rack, after a copy', async () => {
    const { paths } = newInstance();
    const older = { formatVersion: 1, clusterId: 'abc', nodes: [{ id: 1, port: 29_092 }], dataDirectory: null, configs: { a: 'b' } };
    writeFileSync(paths.clusterFile, JSON.stringify(older));
    const expected = {
      clusterId: 'abc',
      nodes: [{ id: 1, port: 29_092, rack: null }],
      isolate: false,
      dataDirectory: null,
      configs: { a: 'b' },
    };
    expect(readStateFile(paths.clusterFile, clusterFormat)).toEqual(expected);
    expect(JSON.parse(readFileSync(paths.clusterFile, 'utf8'))).toEqual({ formatVersion: 2, ...expected });
    expect(JSON.parse(readFileSync(`${paths.clusterFile}.v1`, 'utf8'))).toEqual(older);
  });
});

describe('the control port', () => {
  const environment = createRealEnvironment();
  const daemonOf = ({ paths }: Instance) => readStateFile(paths.daemonFile, daemonFormat)!;

  it('answers nobody without the token', async () => {
    const instance = newInstance();
    await start(instance);
    const daemon = { ...daemonOf(instance), token: 'guessed' };
    expect(await askDaemon(environment, daemon, { request: 'stop' }, { wanted: ['stopped'], timeoutMs: 5_000 })).toEqual({
      outcome: 'gone',
    });
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
    const asked = await askDaemon(
      environment,
      daemonOf(instance),
      { request: 'dance' as 'stop' },
      { wanted: ['stopped'], timeoutMs: 5_000 },
    );
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
    expect(await findCluster(instance)).toEqual({ state: 'stopped', note: expect.stringContaining(`(pid ${process.pid}) ended unasked`) });
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

  it('counts nobody as connected where its brokers are, to each other', async () => {
    const host = createInProcessHost({ nodeCount: 3 });
    const { ready, isStopped } = await start(newInstance(), { brokers: 3 }, { host, idleMs: 1_000 });
    const admin = AdminClient.connect({ bootstrapServers: ready.bootstrapServers });
    await admin.createTopics([{ topic: 'orders', partitionCount: 3 }]);
    await admin.close();
    await waitFor(isStopped, () => 'it still runs');
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

it('says of a full disk that it is one, where it cannot lock its directory', async () => {
  const real = createRealEnvironment();
  const lock = () => {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  const starting = start(newInstance(), {}, { environment: { ...real, disk: { ...real.disk, lock } } });
  await expect(starting).rejects.toThrow(MachineError);
  await expect(starting).rejects.toThrow('no space left on the disk');
});
