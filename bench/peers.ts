import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { kafkaClassPath } from '../test/support/kafka-jars.js';
import { newestKafka } from '../test/support/kafka-versions.js';

/** A command line of another tool that answers the same question. */
export interface PeerCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Peers by name, and how each is told the cluster. Where one is not on the PATH, benches go without it. */
const ways: Readonly<Record<string, (servers: string) => Omit<PeerCommand, 'name' | 'command'>>> = {
  // Without a configuration file it would ask for one.
  kcl: (servers) => ({ args: ['-X', `seed_brokers=${servers}`], env: { KCL_NO_CONFIG_FILE: '1' } }),
  kaf: (servers) => ({ args: ['--brokers', servers] }),
  kafkactl: (servers) => ({ args: [], env: { BROKERS: servers.replaceAll(',', ' ') } }),
  kcat: (servers) => ({ args: ['-b', servers] }),
};

/**
 * The peers that are on this machine, each with the arguments that ask what is measured, and Kafka's own tool, which always is.
 * Says on the console which are missing.
 */
export async function peerCommands(
  servers: string,
  questions: Readonly<Partial<Record<'kcl' | 'kaf' | 'kafkactl' | 'kcat', readonly string[]>>>,
  kafkaTool: { readonly className: string; readonly args: readonly string[] },
): Promise<readonly PeerCommand[]> {
  const found: PeerCommand[] = [];
  const missing: string[] = [];
  for (const [name, question] of Object.entries(questions)) {
    const command = findProgram(name);
    const way = ways[name]?.(servers);
    if (command === null || way === undefined) missing.push(name);
    else found.push({ name, command, ...way, args: [...way.args, ...question] });
  }
  if (missing.length > 0) console.log(`  not on the PATH, so left out: ${missing.join(', ')}`);
  const java = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'];
  const tool = [kafkaTool.className, '--bootstrap-server', servers, ...kafkaTool.args];
  found.push({ name: "Kafka's script", command: 'java', args: [...java, '-cp', await kafkaClassPath(newestKafka), ...tool] });
  return found;
}

function findProgram(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}
