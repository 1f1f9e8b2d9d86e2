import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runKafkaTool } from '../support/kafka-tool.js';
import { useBothClusters } from './both-clusters.js';

const onBoth = useBothClusters('java');
const { version } = inject('judge');

/** What a tool of Apache Kafka printed, both streams, and its exit code where that is not 0. */
async function tool(name: string, args: readonly string[], input?: string): Promise<string> {
  const { stdout, stderr, exitCode } = await runKafkaTool(version, `org.apache.kafka.tools.${name}`, args, input);
  return `${stdout}${stderr}${exitCode === 0 ? '' : `exit code ${exitCode}\n`}`;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kafka-ts-java-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('TopicCommand', () => {
  it('creates, describes, alters, lists and deletes a topic', async () => {
    const printed = await onBoth(async ({ bootstrapServers, topic }) => {
      const topics = (...args: string[]) => tool('TopicCommand', ['--bootstrap-server', bootstrapServers, ...args]);
      return [
        await topics('--create', '--topic', topic, '--replica-assignment', '1:2,2:3', '--config', 'retention.ms=60000'),
        await topics('--create', '--topic', topic),
        await topics('--describe', '--topic', topic),
        await topics('--alter', '--topic', topic, '--partitions', '3', '--replica-assignment', '1:2,2:3,3:1'),
        await topics('--alter', '--topic', topic, '--partitions', '1'),
        await topics('--describe', '--topic', topic),
        (await topics('--list')).includes(topic),
        await topics('--delete', '--topic', topic),
        (await topics('--list')).includes(topic),
      ];
    });
    expect(printed[2]).toMatch(/PartitionCount: 2\tReplicationFactor: 2\tConfigs: .*retention.ms=60000/);
    expect(printed[5]).toContain('PartitionCount: 3');
    expect([printed[6], printed[8]]).toEqual([true, false]);
  });
});

describe('ConfigCommand', () => {
  const configs = async (bootstrapServers: string, ...args: string[]) => {
    const { stdout, stderr, exitCode } = await runKafkaTool(version, 'kafka.admin.ConfigCommand', [
      '--bootstrap-server',
      bootstrapServers,
      ...args,
    ]);
    // Its failures are long stack traces: the first line says what Kafka said.
    return exitCode === 0 ? stdout : `exit code ${exitCode}: ${stderr.split('\n')[0]}`;
  };
  it('alters and describes the configuration of a topic', async () => {
    const printed = await onBoth(async ({ bootstrapServers, topic }) => {
      await tool('TopicCommand', ['--bootstrap-server', bootstrapServers, '--create', '--topic', topic]);
      const entity = ['--entity-type', 'topics', '--entity-name', topic];
      return [
        await configs(bootstrapServers, '--alter', ...entity, '--add-config', 'retention.ms=1000,cleanup.policy=[compact,delete]'),
        await configs(bootstrapServers, '--describe', ...entity),
        await configs(bootstrapServers, '--alter', ...entity, '--delete-config', 'retention.ms'),
        await configs(bootstrapServers, '--describe', ...entity, '--all'),
        await configs(bootstrapServers, '--alter', ...entity, '--add-config', 'retention.ms=soon'),
      ];
    });
    expect(printed[1]).toContain('cleanup.policy=compact,delete');
    expect(printed[3]).toContain('retention.ms=604800000');
    expect(printed[4]).toContain('exit code 1');
  });
});

describe('the Java producer and consumer', () => {
  const consume = (bootstrapServers: string, topic: string, ...args: string[]) => {
    const common = ['--bootstrap-server', bootstrapServers, '--topic', topic, '--partition', '0', '--timeout-ms', '15000'];
    const show = ['key', 'value', 'offset', 'partition', 'headers'].flatMap((what) => ['--property', `print.${what}=true`]);
    return tool('consumer.ConsoleConsumer', [...common, ...show, ...args]);
  };

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('produce and consume with %s', async (codec) => {
    const consumed = await onBoth(async ({ bootstrapServers, topic }) => {
      await tool(
        'ConsoleProducer',
        ['--bootstrap-server', bootstrapServers, '--topic', topic, '--compression-codec', codec, '--property', 'parse.key=true'],
        'a\tone\nb\ttwo\nc\tthree\n',
      );
      return consume(bootstrapServers, topic, '--offset', 'earliest', '--max-messages', '3');
    });
    expect(consumed).toContain('Offset:2');
    expect(consumed).toContain('three');
  });

  it('verify that each record was acknowledged once', async () => {
    const printed = await onBoth(async ({ bootstrapServers, topic }) => {
      const config = join(folder, 'producer.properties');
      await writeFile(config, 'enable.idempotence=true\nretries=10\n');
      const args = ['--bootstrap-server', bootstrapServers, '--topic', topic, '--max-messages', '500', '--command-config', config];
      const lines = (await tool('VerifiableProducer', args))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const offsets = lines
        .filter(({ name }) => name === 'producer_send_success')
        .map(({ offset, partition, value }) => [offset, partition, value]);
      const { sent, acked } = lines.find(({ name }) => name === 'tool_data')!;
      return { offsets, sent, acked };
    });
    expect(printed).toMatchObject({ sent: 500, acked: 500 });
  });
});

describe('GetOffsetShell and DeleteRecordsCommand', () => {
  it('look offsets up and delete records', async () => {
    const printed = await onBoth(async ({ bootstrapServers, topic }) => {
      const offsets = (time: string) => tool('GetOffsetShell', ['--bootstrap-server', bootstrapServers, '--topic', topic, '--time', time]);
      const lines = Array.from({ length: 10 }, (_, index) => `record ${index}\n`).join('');
      await tool('ConsoleProducer', ['--bootstrap-server', bootstrapServers, '--topic', topic], lines);
      const before = [await offsets('-1'), await offsets('-2'), await offsets('0')];
      const request = join(folder, 'delete-records.json');
      await writeFile(request, JSON.stringify({ version: 1, partitions: [{ topic, partition: 0, offset: 4 }] }));
      const deleted = await tool('DeleteRecordsCommand', ['--bootstrap-server', bootstrapServers, '--offset-json-file', request]);
      return { before, deleted, after: [await offsets('-1'), await offsets('-2')] };
    });
    expect(printed.after.map((line) => line.trim().split(':')[2])).toEqual(['10', '4']);
  });
});
