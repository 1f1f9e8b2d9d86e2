import { runProgram } from '../support/kafka-tool.js';
import type { ReadRecord } from './judge.js';

/** All that a consumer of somebody else's, kcat, gets from a topic whose last records have been committed. */
export async function readBack(bootstrapServers: string, topic: string): Promise<readonly ReadRecord[]> {
  const options = ['-C', '-t', topic, '-o', 'beginning', '-e', '-f', '%p %o %s\n', '-X', 'enable.partition.eof=true', '-q'];
  const { stdout, stderr, exitCode } = await runProgram('kcat', ['-b', bootstrapServers, ...options]);
  if (exitCode !== 0) throw new Error(`kcat: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [partition, offset, ...value] = line.split(' ');
      return { partition: Number(partition), offset: Number(offset), value: value.join(' ') };
    });
}
