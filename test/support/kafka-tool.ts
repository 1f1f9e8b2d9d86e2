import { spawn } from 'node:child_process';
import { kafkaClassPath } from './kafka-jars.js';

export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs a program and resolves with all that it printed, whatever its exit code. */
export function runProgram(command: string, args: readonly string[], input = ''): Promise<Printed> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ stdout, stderr, exitCode: code ?? -1 }));
    // A program that reads nothing may be gone before.
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') reject(error);
    });
    child.stdin.end(input);
  });
}

/** Runs one of Apache Kafka's own command-line classes, such as `org.apache.kafka.tools.TopicCommand`. */
export async function runKafkaTool(version: string, className: string, args: readonly string[], input = ''): Promise<Printed> {
  return runProgram('java', await javaArguments(version, className, args), input);
}

/** Starts one that goes on until it is killed. */
export async function startKafkaTool(version: string, className: string, args: readonly string[]) {
  return spawn('java', await javaArguments(version, className, args), { stdio: ['ignore', 'pipe', 'inherit'] });
}

const javaArguments = async (version: string, className: string, args: readonly string[]): Promise<readonly string[]> => {
  const java = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'];
  return [...java, '-cp', await kafkaClassPath(version), className, ...args];
};
