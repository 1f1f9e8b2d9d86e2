/**
 * Runs the suites of suites.json one after the other. A suite fails where a test failed or was skipped, where it ran fewer tests than
 * its least number, and where it says no number at all. What is counted stands in the suites' own reports, never in this file.
 *
 *     node .ci/suites.mjs [NAME...]
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

const suites = JSON.parse(readFileSync(new URL('suites.json', import.meta.url), 'utf8'));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`no such suite: ${unknown.join(', ')}; there are: ${suites.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'kafka-ts-suites-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
/** The suite that runs, in a process group of its own. */
let running;
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (running !== undefined) process.kill(-running.pid, signal);
    process.exit(128 + constants.signals[signal]);
  });
}
let passed = 0;
let failed = 0;
for (const [index, suite] of suites.entries()) {
  if (asked.length > 0 && !asked.includes(suite.name)) continue;
  console.log(`\n== ${suite.name}: ${suite.command}`);
  const started = performance.now();
  const report = join(folder, `${index}.json`);
  const log = join(folder, `${index}.log`);
  const exitCode = await run(suite.command.replace('{report}', `--reporter=default --reporter=json --outputFile.json=${report}`), log);
  const result = (suite.report === 'lines' ? countLines : countVitest)(suite.report === 'lines' ? log : report);
  const problems = problemsOf(suite, exitCode, result);
  passed += result.passed;
  failed += Math.max(result.failed, suite.least - result.passed, problems.length > 0 ? 1 : 0);
  if (problems.length > 0) console.log(ending(log));
  for (const failure of result.failures) console.log(`  failed: ${failure}`);
  for (const problem of problems) console.log(`  ${problem}`);
  console.log(`   ${result.passed} passed, ${result.failed} failed in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

function problemsOf({ least }, exitCode, { passed, failed }) {
  const problems = [];
  if (failed > 0) problems.push(`${failed} tests failed or did not run`);
  if (passed + failed < least) problems.push(`${passed + failed} tests ran, and there must be at least ${least}`);
  if (exitCode !== 0 && problems.length === 0) problems.push(`it ended with exit code ${exitCode}`);
  return problems;
}

/** Tests that were skipped or left to be done count as failed. */
function countVitest(report) {
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return { passed: 0, failed: 0, failures: ['there is no report'] };
  }
  const tests = result.testResults.flatMap((file) => file.assertionResults.map((test) => ({ file: file.name, ...test })));
  const failures = tests.filter(({ status }) => status !== 'passed').map(({ file, fullName, status }) => `${file}: ${fullName} (${status})`);
  return { passed: tests.length - failures.length, failed: failures.length, failures };
}

/** Of `npm run check`: a line for each check. */
function countLines(log) {
  const lines = readFileSync(log, 'utf8').split('\n');
  const failures = lines.filter((line) => line.startsWith('FAIL  '));
  return { passed: lines.filter((line) => line.startsWith('ok    ')).length, failed: failures.length, failures };
}

/** Resolves with the exit code; what is printed goes to `log`. */
function run(command, log) {
  return new Promise((resolve, reject) => {
    const output = createWriteStream(log);
    const env = { ...process.env, NO_COLOR: '1' };
    const child = spawn('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'], env, detached: true });
    running = child;
    child.stdout.pipe(output, { end: false });
    child.stderr.pipe(output, { end: false });
    child.on('error', reject);
    child.on('close', (code) => {
      running = undefined;
      output.end(() => resolve(code ?? 1));
    });
  });
}

/** The last lines, for a failure that the report alone does not explain. */
function ending(log) {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  return lines.slice(-150).join('\n');
}
