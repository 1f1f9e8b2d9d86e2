import { describe, expect, it, onTestFinished } from 'vitest';
import { startEmbedded } from '../../../src/commands/embedded/start.js';
import type { MachinePorts } from '../../../src/commands/ports.js';
import { startBackgroundCluster } from '../../../src/embedded/background-cluster.js';
import { DEFAULT_CLUSTER, instanceOf } from '../../../src/embedded/launcher.js';
import { makePrivateDirectory } from '../../../src/embedded/state-file.js';
import { createRealEnvironment } from '../../../src/environment/real.js';
import { UsageError } from '../../../src/model/errors.js';
import { standInHost } from '../../embedded/stand-in-host.js';
import { temporaryDirectory } from '../../embedded/temporary-directory.js';

const nothing = {
  name: undefined,
  brokers: undefined,
  racks: [],
  isolate: false,
  port: undefined,
  ephemeral: false,
  dataDir: undefined,
  config: new Map<string, string>(),
};

/** Ports of a kafka-ts 1.2.3 on a machine where one of version 1.0.0 runs the default cluster. */
async function besideOlder(): Promise<MachinePorts> {
  const stateDirectory = temporaryDirectory();
  const instance = instanceOf(stateDirectory, 'default');
  makePrivateDirectory(instance.paths.directory);
  const { stop } = await startBackgroundCluster(
    createRealEnvironment(),
    { version: '1.0.0', cluster: { ...DEFAULT_CLUSTER, port: 0 }, instance: instance.paths, idleMs: null },
    { pid: process.pid, hostOf: () => standInHost, onStop: () => {}, onDisowned: () => {} },
  );
  onTestFinished(stop);
  return {
    now: Date.now,
    variables: {},
    program: { version: '1.2.3', nodePath: '/nowhere', daemonPath: '/nowhere' },
    onSignal: () => () => {},
    isTerminal: false,
    completionScript: async () => '',
    stateDirectory: () => stateDirectory,
    contexts: () => Promise.reject(new Error('not asked for')),
    effectiveSettings: async () => [],
  };
}

describe('embedded start', () => {
  it('takes a cluster that another version runs, and says so', async () => {
    const notes: string[] = [];
    const run = {
      signal: new AbortController().signal,
      report: () => {},
      note: (message: string) => void notes.push(message),
      showsAll: false,
    };
    const rows = await startEmbedded.plan(await besideOlder(), startEmbedded.parse([], nothing), run);
    expect(rows).toMatchObject([{ name: 'default', outcome: 'not-needed', error: null }]);
    expect(notes).toEqual(['it is run by kafka-ts 1.0.0, and this is 1.2.3: stop and start it to change that']);
  });

  it('refuses what contradicts itself before it looks at anything', () => {
    expect(() => startEmbedded.parse([], { ...nothing, ephemeral: true, dataDir: 'here' })).toThrow(UsageError);
    expect(() => startEmbedded.parse([], { ...nothing, brokers: 2, racks: ['a', 'b', 'c'] })).toThrow(UsageError);
  });

  it('keeps a data directory apart from where it was typed', () => {
    expect(startEmbedded.parse([], { ...nothing, dataDir: 'here' }).asked.dataDirectory).toBe(`${process.cwd()}/here`);
  });
});
