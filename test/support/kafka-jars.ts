import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kafka-ts/test');

const pom = (version: string) => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${version}</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>${version}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;

/**
 * The class path of Apache Kafka's broker and tools: from the cache, else from Maven Central by `mvn`. Safe to ask for from several
 * processes at once.
 */
export async function kafkaClassPath(version: string): Promise<string> {
  const jars = join(cache, `kafka-${version}`);
  if (!(await exists(jars))) {
    await mkdir(cache, { recursive: true });
    const work = await mkdtemp(join(cache, 'fetch-'));
    try {
      await writeFile(join(work, 'pom.xml'), pom(version));
      const output = join(work, 'jars');
      await execute('mvn', ['-q', '-B', '-DincludeScope=runtime', 'dependency:copy-dependencies', `-DoutputDirectory=${output}`], {
        cwd: work,
      });
      // Kafka 3 brings a second logging binding, and slf4j warns of it.
      for (const jar of await readdir(output)) if (/^slf4j-reload4j-/.test(jar)) await rm(join(output, jar));
      await rename(output, jars).catch(async (error) => {
        if (!(await exists(jars))) throw error;
      });
    } finally {
      await rm(work, { recursive: true });
    }
  }
  return join(jars, '*');
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
