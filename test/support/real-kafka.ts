/** Real Apache Kafka in KRaft mode on the loopback interface, each node both broker and controller. Needs Java 17 and mvn. */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BreakableCluster, stillLeaders } from './breakable-cluster.js';
import { kafkaClassPath } from './kafka-jars.js';
import { reservePort } from './reserve-port.js';
import {
  allowReading,
  reserveSecuredPorts,
  type SecuredListener,
  type SecuredPorts,
  scramOptions,
  securedAddresses,
  securedConfigs,
  securedListeners,
  securedProtocols,
  type UserFiles,
  writeUserFiles,
} from './secured-listeners.js';
import { waitFor } from './wait-for.js';

const execute = promisify(execFile);
const jvmOptions = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

export interface RealKafka extends BreakableCluster {
  readonly version: string;
  readonly secured: SecuredKafka | null;
}
/** What `secured` adds. */
export interface SecuredKafka {
  /** `host:port[,host:port...]` */
  readonly bootstrapServers: Readonly<Record<SecuredListener, string>>;
  readonly userFiles: UserFiles;
}

export interface RealKafkaOptions {
  readonly version: string;
  /** With the ids 1, 2, 3 and the racks r1, r2, r1. */
  readonly nodes: number;
  /** Broker configs that differ from those of every test. */
  readonly configs?: Readonly<Record<string, string>>;
  /** With an authorizer and the listeners of secured-listeners.ts beside the plaintext one, whose clients may do everything. */
  readonly secured?: boolean;
}

/**
 * Resolves once every node says that it has started and that it is Apache Kafka of this version. Its cluster id is made at random:
 * whoever answers with it is this cluster. The nodes end, and their files go, when the calling process ends in whatever way.
 */
export async function startRealKafka({ version, nodes, configs = {}, secured = false }: RealKafkaOptions): Promise<RealKafka> {
  const classPath = await kafkaClassPath(version);
  const directory = await realpath(await mkdtemp(join(tmpdir(), `kafka-${version}-`)));
  const keeper = startKeeper(directory);
  const ids = Array.from({ length: nodes }, (_, index) => index + 1);
  const lives = new Map<number, Life>();
  const close = async () => {
    await Promise.all([...lives.values()].map((life) => life.end('SIGKILL')));
    await keeper.end();
  };
  const homeOf = (id: number) => join(directory, `node-${id}`);
  const start = async (id: number) => {
    const life = await launch(classPath, homeOf(id), keeper);
    lives.set(id, life);
    return life;
  };
  const lifeOf = (id: number): Life => {
    const life = lives.get(id);
    if (life === undefined) throw new Error(`node ${id} is not running`);
    return life;
  };
  const end = async (id: number, signal: 'SIGTERM' | 'SIGKILL') => {
    await lifeOf(id).end(signal);
    lives.delete(id);
  };
  try {
    const ports = await Promise.all(
      ids.map(async (id) => ({
        id,
        broker: await reservePort(),
        controller: await reservePort(),
        secured: secured ? await reserveSecuredPorts() : null,
      })),
    );
    const clusterId = randomUuid();
    const voters = ports.map(({ id, controller }) => `${id}@127.0.0.1:${controller}`).join(',');
    await Promise.all(
      ports.map(async (place) => {
        const { id } = place;
        const home = homeOf(id);
        await mkdir(home);
        const properties = join(home, 'server.properties');
        await writeFile(properties, propertiesOf({ ...place, voters, nodes, data: join(home, 'data') }, configs));
        const format = ['format', '-t', clusterId, '-c', properties, ...(secured ? scramOptions : [])];
        await execute('java', [...jvmOptions, '-cp', classPath, 'kafka.tools.StorageTool', ...format]);
        await start(id);
      }),
    );
    await Promise.all([...lives.values()].map((life) => life.started(version)));
    const bootstrapServers = ports.map(({ broker }) => `127.0.0.1:${broker}`).join(',');
    return {
      name: `Apache Kafka ${version}`,
      version,
      clusterId,
      bootstrapServers,
      secured: secured ? await openSecured(directory, bootstrapServers, ports) : null,
      addresses: new Map(ports.map(({ id, broker }) => [id, { host: '127.0.0.1', port: broker }])),
      kill: (id) => end(id, 'SIGKILL'),
      pause: async (id) => lifeOf(id).signal('SIGSTOP'),
      resume: async (id) => lifeOf(id).signal('SIGCONT'),
      shutDown: (id) => end(id, 'SIGTERM'),
      restart: async (id) => (await start(id)).started(version),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openSecured(
  directory: string,
  bootstrapServers: string,
  nodes: readonly { readonly secured: SecuredPorts | null }[],
): Promise<SecuredKafka> {
  await allowReading(bootstrapServers);
  const addressesOf = (name: SecuredListener) => nodes.flatMap(({ secured }) => (secured ? [`127.0.0.1:${secured[name]}`] : [])).join(',');
  const addresses = Object.fromEntries(securedListeners.map((name) => [name, addressesOf(name)])) as Record<SecuredListener, string>;
  return { bootstrapServers: addresses, userFiles: await writeUserFiles(directory, addresses.sasl_plaintext) };
}

/** A cluster id as Kafka makes them: it avoids a leading dash, which tools would take for an option. */
const randomUuid = (): string => `k${randomBytes(16).toString('base64url').slice(1)}`;

interface Place {
  readonly id: number;
  readonly broker: number;
  readonly controller: number;
  readonly secured: SecuredPorts | null;
  readonly voters: string;
  readonly nodes: number;
  readonly data: string;
}

/** Kafka's own defaults, but for what a small cluster on one machine needs. */
function propertiesOf({ id, broker, controller, secured, voters, nodes, data }: Place, configs: Readonly<Record<string, string>>): string {
  const replicationFactor = Math.min(nodes, 3);
  const minIsr = Math.min(nodes, 2);
  const addresses = [`PLAINTEXT://127.0.0.1:${broker}`, ...(secured ? securedAddresses(secured) : [])];
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'broker.rack': `r${((id - 1) % 2) + 1}`,
    'controller.quorum.voters': voters,
    listeners: [...addresses, `CONTROLLER://127.0.0.1:${controller}`].join(','),
    'advertised.listeners': addresses.join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': ['PLAINTEXT:PLAINTEXT', 'CONTROLLER:PLAINTEXT', ...(secured ? securedProtocols : [])].join(','),
    'log.dirs': data,
    'offsets.topic.replication.factor': replicationFactor,
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.replication.factor': replicationFactor,
    'transaction.state.log.min.isr': minIsr,
    'transaction.state.log.num.partitions': 5,
    'group.initial.rebalance.delay.ms': 0,
    ...stillLeaders,
    ...(secured ? securedConfigs() : {}),
    ...configs,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Told of the processes that run, so that it can end them and remove the directory when this process is no more, in whatever way. */
interface Keeper {
  readonly began: (pid: number) => void;
  readonly ended: (pid: number) => void;
  /** Resolves when nothing is left. */
  readonly end: () => Promise<void>;
}

/** It notices our end by that of its standard input, and is deaf to the terminal's signals. */
const keeping = `
trap '' HUP INT TERM
pids=' '
while read -r word pid; do
  case $word in
    began) pids="$pids$pid " ;;
    ended) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
  esac
done
for pid in $pids; do kill -KILL $pid 2> /dev/null; done
for pid in $pids; do
  tries=0
  while kill -0 $pid 2> /dev/null && [ $tries -lt 50 ]; do tries=$((tries + 1)); sleep 0.1; done
done
rm -rf "$1"
`;

function startKeeper(directory: string): Keeper {
  const child = spawn('/bin/sh', ['-c', keeping, 'keeper', directory], { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
  const ended = new Promise<void>((resolve, reject) => child.once('error', reject).once('exit', () => resolve()));
  return {
    began: (pid) => child.stdin.write(`began ${pid}\n`),
    ended: (pid) => child.stdin.write(`ended ${pid}\n`),
    end: () => {
      child.stdin.end();
      return ended;
    },
  };
}

/** From the start of a node's process to its end. */
interface Life {
  readonly started: (version: string) => Promise<void>;
  readonly signal: (signal: 'SIGSTOP' | 'SIGCONT') => void;
  /** Resolves when the process is gone. */
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
}

async function launch(classPath: string, home: string, keeper: Keeper): Promise<Life> {
  const logPath = join(home, 'server.log');
  const log = await open(logPath, 'w');
  const options = ['-Xmx384m', ...jvmOptions, '-Dorg.slf4j.simpleLogger.defaultLogLevel=info', '-cp', classPath];
  const child = spawn('java', [...options, 'kafka.Kafka', join(home, 'server.properties')], {
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  });
  const { pid } = child;
  if (pid !== undefined) keeper.began(pid);
  const ended = new Promise<void>((resolve, reject) => child.once('error', reject).once('exit', () => resolve()));
  ended.then(
    () => keeper.ended(pid!),
    () => {},
  );
  await log.close();
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
    signal: (signal) => child.kill(signal),
    end: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}
