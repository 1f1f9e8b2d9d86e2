/** Real Apache Kafka in KRaft mode on the loopback interface, each node both broker and controller. Needs Java 17 and mvn. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaClassPath } from './kafka-jars.js';
import { reservePort } from './reserve-port.js';
import { waitFor } from './wait-for.js';

const execute = promisify(execFile);
const jvmOptions = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

export interface RealKafka {
  readonly version: string;
  /** Made at random for this cluster: whoever answers with it is this cluster. */
  readonly clusterId: string;
  /** Nodes have the ids 1, 2, 3 and the racks r1, r2, r1. */
  readonly bootstrapServers: string;
  /** Ends the nodes at once and removes their files. */
  readonly stop: () => Promise<void>;
}

/**
 * Resolves once every node says that it has started and that it is Apache Kafka of this version. The nodes end, and their files go,
 * when the calling process ends in whatever way.
 */
export async function startRealKafka({ version, nodes }: { readonly version: string; readonly nodes: number }): Promise<RealKafka> {
  const classPath = await kafkaClassPath(version);
  const directory = await realpath(await mkdtemp(join(tmpdir(), `kafka-${version}-`)));
  const ids = Array.from({ length: nodes }, (_, index) => index + 1);
  const running: Node[] = [];
  const stop = async () => {
    await Promise.all(running.map((node) => node.end()));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const ports = await Promise.all(ids.map(async (id) => ({ id, broker: await reservePort(), controller: await reservePort() })));
    const clusterId = randomUuid();
    const voters = ports.map(({ id, controller }) => `${id}@127.0.0.1:${controller}`).join(',');
    await Promise.all(
      ports.map(async ({ id, broker, controller }) => {
        const home = join(directory, `node-${id}`);
        await mkdir(home);
        const properties = join(home, 'server.properties');
        await writeFile(properties, propertiesOf({ id, broker, controller, voters, nodes, data: join(home, 'data') }));
        await execute('java', [...jvmOptions, '-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties]);
        running.push(await launch(classPath, home));
      }),
    );
    await Promise.all(running.map((node) => node.started(version)));
    return { version, clusterId, bootstrapServers: ports.map(({ broker }) => `127.0.0.1:${broker}`).join(','), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A cluster id as Kafka makes them: it avoids a leading dash, which tools would take for an option. */
const randomUuid = (): string => `k${randomBytes(16).toString('base64url').slice(1)}`;

interface Place {
  readonly id: number;
  readonly broker: number;
  readonly controller: number;
  readonly voters: string;
  readonly nodes: number;
  readonly data: string;
}

/** Kafka's own defaults, but for what a small cluster on one machine needs. */
function propertiesOf({ id, broker, controller, voters, nodes, data }: Place): string {
  const replicationFactor = Math.min(nodes, 3);
  const minIsr = Math.min(nodes, 2);
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'broker.rack': `r${((id - 1) % 2) + 1}`,
    'controller.quorum.voters': voters,
    listeners: `PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${broker}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': data,
    'offsets.topic.replication.factor': replicationFactor,
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.replication.factor': replicationFactor,
    'transaction.state.log.min.isr': minIsr,
    'transaction.state.log.num.partitions': 5,
    'group.initial.rebalance.delay.ms': 0,
    // Leaders move when a test moves them.
    'auto.leader.rebalance.enable': false,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

interface Node {
  readonly started: (version: string) => Promise<void>;
  readonly end: () => Promise<void>;
}

/**
 * The shell between us and Java ends it, and removes its files, when our end of the pipe to it closes: by `end`, or because this
 * process is no more. It is deaf to the terminal's signals, which reach Java and us by themselves.
 */
const keeper = `
trap '' HUP INT TERM
home=$1; shift
"$@" < /dev/null & pid=$!
read -r _
kill -KILL $pid 2> /dev/null
wait $pid 2> /dev/null
rm -rf "$home"; rmdir "$(dirname "$home")" 2> /dev/null
`;

async function launch(classPath: string, home: string): Promise<Node> {
  const logPath = join(home, 'server.log');
  const log = await open(logPath, 'w');
  const java = ['java', '-Xmx384m', ...jvmOptions, '-Dorg.slf4j.simpleLogger.defaultLogLevel=info', '-cp', classPath];
  const command = [...java, 'kafka.Kafka', join(home, 'server.properties')];
  const child: ChildProcess = spawn('/bin/sh', ['-c', keeper, 'keeper', home, ...command], {
    stdio: ['pipe', log.fd, log.fd],
    detached: true,
  });
  await log.close();
  const ended = new Promise<void>((resolve, reject) => child.once('error', reject).once('exit', () => resolve()));
  return {
    started: async (version) => {
      let text = '';
      await waitFor(
        async () => {
          text = await readFile(logPath, 'utf8');
          if (/ERROR .*(?:Exiting Kafka|fatal)/i.test(text)) throw new Error(`Kafka ended while starting:\n${text.slice(-2_000)}`);
          return text.includes('Kafka Server started');
        },
        () => `Kafka has not started:\n${text.slice(-2_000)}`,
        { deadlineMs: 90_000 },
      );
      if (!text.includes(`Kafka version: ${version}`)) throw new Error(`this is not Apache Kafka ${version}:\n${text.slice(0, 2_000)}`);
    },
    end: async () => {
      child.stdin!.end();
      await ended;
    },
  };
}
