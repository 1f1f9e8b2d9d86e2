import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/kafka-tool.js';
import { useBothClusters } from './both-clusters.js';

const onBoth = useBothClusters('kcat');

/** kcat is librdkafka's own tool. */
async function kcat(bootstrapServers: string, args: readonly string[], input?: string): Promise<string> {
  const { stdout, stderr, exitCode } = await runProgram('kcat', ['-b', bootstrapServers, ...args], input);
  // Lines of librdkafka's own log begin with a level and a time.
  return exitCode === 0 ? stdout : `exit code ${exitCode}: ${stdout}${stderr.replace(/^%\d\|.*\n/gm, '')}`;
}
const everything = ['-C', '-o', 'beginning', '-e', '-f', '%t %p %o %k=%s %h %S\n'];

describe('kcat', () => {
  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('produces and consumes with %s', async (codec) => {
    const records = Array.from({ length: 100 }, (_, index) => `key${index}:value ${'x'.repeat(index)}`);
    const consumed = await onBoth(async ({ bootstrapServers, topic }) => {
      const options = ['-P', '-t', topic, '-p', '0', '-K', ':', '-z', codec, '-H', 'codec=test', '-X', 'linger.ms=50'];
      await kcat(bootstrapServers, options, `${records.join('\n')}\n`);
      return kcat(bootstrapServers, [...everything, '-t', topic]);
    });
    expect(consumed.split('\n')).toHaveLength(101);
    expect(consumed).toContain('0 99 key99=value xxx');
  });

  it.each([
    ['acks=0', '-Xacks=0'],
    ['acks=1', '-Xacks=1'],
    ['an idempotent producer', '-Xenable.idempotence=true'],
  ])('produces with %s', async (_, option) => {
    const consumed = await onBoth(async ({ bootstrapServers, topic }) => {
      // The topic is there first: with acks=0 nothing tells that a leader was not.
      await kcat(bootstrapServers, ['-P', '-t', topic, '-p', '0', '-Xacks=-1'], 'first\n');
      await kcat(bootstrapServers, ['-P', '-t', topic, '-p', '0', option], 'one\ntwo\nthree\n');
      // The fourth record is waited for, so that unacknowledged ones have come.
      return kcat(bootstrapServers, ['-C', '-t', topic, '-p', '0', '-o', 'beginning', '-c', '4', '-f', '%o %s\n']);
    });
    expect(consumed).toBe('0 first\n1 one\n2 two\n3 three\n');
  });

  it('keeps null values and empty ones apart', async () => {
    const consumed = await onBoth(async ({ bootstrapServers, topic }) => {
      await kcat(bootstrapServers, ['-P', '-t', topic, '-p', '0', '-K', ':', '-Z'], 'a:\nb:full\n');
      return kcat(bootstrapServers, [...everything, '-t', topic]);
    });
    expect(consumed).toContain(' a= ');
    expect(consumed).toContain(' -1\n');
  });

  it('reads from an offset, from the end and by time', async () => {
    const consumed = await onBoth(async ({ bootstrapServers, topic }) => {
      await kcat(bootstrapServers, ['-P', '-t', topic, '-p', '0'], 'one\ntwo\nthree\n');
      const read = (offset: string) => kcat(bootstrapServers, ['-C', '-t', topic, '-p', '0', '-o', offset, '-e', '-f', '%o %s\n']);
      const query = (time: number) => kcat(bootstrapServers, ['-Q', '-t', `${topic}:0:${time}`]);
      return [await read('1'), await read('-1'), await read('99'), await query(-1), await query(-2), await query(0), await query(4e12)];
    });
    expect(consumed.slice(0, 2)).toEqual(['1 two\n2 three\n', '2 three\n']);
  });

  it('lists the metadata of the cluster and of a topic', async () => {
    const listed = await onBoth(async ({ bootstrapServers, topic }) => {
      await kcat(bootstrapServers, ['-P', '-t', topic, '-p', '0'], 'one\n');
      const answer = JSON.parse(await kcat(bootstrapServers, ['-L', '-J', '-t', topic])) as {
        brokers: { id: number }[];
        topics: { topic: string; partitions: { leader: number; replicas: unknown[]; isrs: unknown[] }[] }[];
      };
      const [{ partitions }] = answer.topics as [(typeof answer.topics)[number]];
      const [{ leader, replicas, isrs }] = partitions as [(typeof partitions)[number]];
      return {
        brokers: answer.brokers.map(({ id }) => id).sort(),
        topics: answer.topics.map((each) => each.topic),
        isLed: leader > 0,
        isInSync: replicas.length === isrs.length,
      };
    });
    expect(listed).toEqual({ brokers: [1, 2, 3], topics: [expect.any(String)], isLed: true, isInSync: true });
  });

  it('is told of a topic that does not exist', async () => {
    const refused = await onBoth(({ bootstrapServers, topic }) =>
      kcat(bootstrapServers, ['-C', '-t', topic, '-p', '0', '-e', '-Xallow.auto.create.topics=false']),
    );
    expect(refused).toContain('exit code 1');
  });

  it('is refused a record that is too large', async () => {
    const refused = await onBoth(({ bootstrapServers, topic }) =>
      kcat(bootstrapServers, ['-P', '-t', topic, '-p', '0', '-Xmessage.max.bytes=4000000'], `${'x'.repeat(1_500_000)}\n`),
    );
    expect(refused).toContain('Message size too large');
  });
});
