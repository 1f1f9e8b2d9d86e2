import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface Figure {
  readonly median: number;
  /** In the order in which they were taken. */
  readonly samples: readonly number[];
}

/**
 * Takes each case in turn, `rounds` times over after one round that does not count, so that what else the machine does falls on all of
 * them alike. A case resolves with its sample.
 */
export async function alternate<Name extends string>(
  cases: Readonly<Record<Name, () => Promise<number>>>,
  rounds = 7,
): Promise<Readonly<Record<Name, Figure>>> {
  if (rounds < 5) throw new RangeError('a median of fewer than 5 samples says little');
  const names = Object.keys(cases) as Name[];
  const samples = {} as Record<Name, number[]>;
  for (const name of names) samples[name] = [];
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const sample = await cases[name]();
      if (round > 0) samples[name].push(sample);
    }
  }
  const figures = {} as Record<Name, Figure>;
  for (const name of names) figures[name] = { median: medianOf(samples[name]), samples: samples[name] };
  return figures;
}

export function medianOf(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export type Limit = { readonly atMost: number } | { readonly atLeast: number };

/** Prints a figure with all its samples; where it has a limit also whether it holds, which is what it gives. */
export function show(name: string, { median, samples }: Figure, unit: string, limit?: Limit): boolean {
  const digits = Math.abs(median) < 10 ? 2 : 1;
  const holds = limit === undefined || ('atMost' in limit ? median <= limit.atMost : median >= limit.atLeast);
  const bound = limit === undefined ? '' : 'atMost' in limit ? `at most ${limit.atMost}` : `at least ${limit.atLeast}`;
  const verdict = limit === undefined ? '' : `  ${bound}: ${holds ? 'held' : 'MISSED'}`;
  const all = samples.map((sample) => sample.toFixed(digits)).join(' ');
  console.log(`  ${name.padEnd(36)} ${median.toFixed(digits).padStart(8)} ${unit}${verdict}  [${all}]`);
  return holds;
}

/** Each sample of `of` over the sample of `base` that was taken beside it. */
export function ratio(of: Figure, base: Figure): Figure {
  const samples = of.samples.map((sample, index) => sample / base.samples[index]!);
  return { median: medianOf(samples), samples };
}

/** Each sample of `of` less the sample of `base` that was taken beside it. */
export function difference(of: Figure, base: Figure): Figure {
  const samples = of.samples.map((sample, index) => sample - base.samples[index]!);
  return { median: medianOf(samples), samples };
}

/** Milliseconds from the spawn of a process to its end. Rejects where it ends with another exit code than `exitCode`. */
export function wallTimeMs(command: string, args: readonly string[], { env = process.env, exitCode = 0 } = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { stdio: 'ignore', env });
    child.on('error', reject);
    child.on('exit', (code) => {
      const elapsed = performance.now() - started;
      if (code === exitCode) resolve(elapsed);
      else reject(new Error(`${command} ${args.join(' ')} ended with exit code ${code}`));
    });
  });
}

/** The memory of a process and of all its descendants, in bytes: shared pages are counted once where Linux tells (PSS). */
export async function memoryBytes(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number, number]);
  const family = new Set([pid]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const [child, parent] of rows) if (family.has(parent)) family.add(child);
  }
  const sizes = rows.filter(([id]) => family.has(id)).map(([id, , rssKib]) => proportionalKib(id).then((pssKib) => pssKib ?? rssKib));
  return (await Promise.all(sizes)).reduce((sum, kib) => sum + kib, 0) * 1024;
}

/** 0 where the process has ended meanwhile, as `ps` itself has. */
async function proportionalKib(pid: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
}
