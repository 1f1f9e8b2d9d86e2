import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processesMarked } from '../support/processes.js';
import { waitFor } from '../support/wait-for.js';

const runner = fileURLToPath(new URL('../../.ci/suites.mjs', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kafka-ts-suites-test-'));
  await cp(runner, join(folder, 'suites.mjs'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Suite {
  readonly least: number;
  /** Of each test; undefined for a suite that leaves no report. */
  readonly statuses: readonly ('passed' | 'failed' | 'pending')[] | undefined;
  readonly exitCode?: number;
}

/** The last line and the exit code of a run of such suites. */
async function run(...suites: Suite[]): Promise<string> {
  const listed = [];
  for (const [index, { least, statuses, exitCode = 0 }] of suites.entries()) {
    const assertionResults = statuses?.map((status) => ({ fullName: 'a test', status }));
    await writeFile(join(folder, `${index}.json`), JSON.stringify({ testResults: [{ name: 'a file', assertionResults }] }));
    const report = statuses ? `cp ${join(folder, `${index}.json`)} "\${2#--outputFile.json=}"; ` : '';
    await writeFile(join(folder, `${index}.sh`), `shift; ${report}exit ${exitCode}`);
    listed.push({ name: `suite ${index}`, command: `sh ${join(folder, `${index}.sh`)} {report}`, least });
  }
  await writeFile(join(folder, 'suites.json'), JSON.stringify(listed));
  return new Promise((resolve) => {
    execFile(process.execPath, [join(folder, 'suites.mjs')], (error, stdout) => {
      resolve(`${stdout.trimEnd().split('\n').at(-1)}, exit code ${error ? error.code : 0}`);
    });
  });
}

describe('.ci/suites.mjs', () => {
  it('adds up what the suites report', async () => {
    expect(await run({ least: 1, statuses: ['passed'] }, { least: 2, statuses: ['passed', 'passed'] })).toBe(
      '3 passed, 0 failed, exit code 0',
    );
  });
  it.each<[what: string, suite: Suite, last: string]>([
    ['a failed test', { least: 1, statuses: ['passed', 'failed'], exitCode: 1 }, '2 passed, 1 failed'],
    ['a skipped test', { least: 1, statuses: ['passed', 'pending'] }, '2 passed, 1 failed'],
    ['fewer tests than the least number', { least: 4, statuses: ['passed'] }, '2 passed, 3 failed'],
    ['a suite without a report', { least: 4, statuses: undefined }, '1 passed, 4 failed'],
    ['a suite that fails beside its tests', { least: 1, statuses: ['passed'], exitCode: 1 }, '2 passed, 1 failed'],
  ])('counts %s', async (_, suite, last) => {
    expect(await run({ least: 1, statuses: ['passed'] }, suite)).toBe(`${last}, exit code 1`);
  });

  it('leaves neither the suite nor its own folder where it is told to end', async () => {
    const temporary = join(folder, 'temporary');
    await mkdir(temporary);
    const suite = { name: 'a suite', command: `echo > ${join(folder, 'begun')}; exec sleep 60`, least: 1 };
    await writeFile(join(folder, 'suites.json'), JSON.stringify([suite]));
    const marked = { ...process.env, TMPDIR: temporary, SUITES_TEST: folder };
    const child = spawn(process.execPath, [join(folder, 'suites.mjs')], { env: marked, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await waitFor(
      () => existsSync(join(folder, 'begun')),
      () => 'the suite does not begin',
    );
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
    expect(await readdir(temporary)).toEqual([]);
    await waitFor(
      async () => (await processesMarked('SUITES_TEST', folder)).length === 0,
      () => 'the suite still runs',
    );
  });
});
