import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { bundleSimulation } from './bundle.js';
import { addCounts, noCounts } from './counters.js';
import type { Patch } from './faults/patch.js';
import { plantedFaults } from './faults/planted-faults.js';
import type { SimulationOptions, SimulationResult } from './simulate.js';
import type { SeedReport } from './worker.js';

const usage = `npm run simulate -- [--seeds 1000] [--from 1] [--seed N] [--brokers N] [--jobs N] [--fault NAME] [--search]

  --seeds N    run that many seeds
  --from N     beginning with this one; "random" takes a new one each time
  --seed N     run one seed, and print what happened last and the stack of its failure
  --brokers N  in the place of the number that the seed draws
  --jobs N     seeds at once; as many as there are processors if left out
  --fault NAME plant this fault of test/simulation/faults in a copy of the source
  --search     find seeds that catch the fault, or each of them, and record them`;

const SHOWN_LINES = 150;
const SEEDS_PER_FAULT = 3;

/** The command behind `npm run simulate`. `root` is the project's; gives the exit code. */
export async function runSimulations(root: string, args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      brokers: { type: 'string' },
      jobs: { type: 'string' },
      fault: { type: 'string' },
      search: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const folder = join(root, 'test/simulation/faults');
  const from = values.from === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(values.from);
  const pool = { jobs: Number(values.jobs ?? availableParallelism()), from, seeds: Number(values.seeds) };
  const options: SimulationOptions = values.brokers === undefined ? {} : { brokers: Number(values.brokers) };
  if (values.search) return searchFaults(root, folder, pool, values.fault);
  const fault = values.fault === undefined ? undefined : plantedFaults(folder).find(({ patch }) => patch.name === values.fault)?.patch;
  if (values.fault !== undefined && fault === undefined) throw new Error(`there is no fault ${values.fault} in ${folder}`);
  if (values.seed !== undefined) return runOne(root, Number(values.seed), options, fault);

  const sum = noCounts();
  const held: SeedReport[] = [];
  let failed = 0;
  const before = process.cpuUsage();
  const again = (seed: number) =>
    ['npm run simulate --', `--seed ${seed}`, values.brokers && `--brokers ${values.brokers}`, fault && `--fault ${fault.name}`]
      .filter(Boolean)
      .join(' ');
  await runSeeds(root, { ...pool, options, fault }, (report) => {
    addCounts(sum, report.counters);
    if (report.failure === null) {
      held.push(report);
      return true;
    }
    failed++;
    console.log(
      `seed ${report.seed}, ${report.brokers} brokers: ${report.failure.name}: ${report.failure.message}\n  run it again: ${again(report.seed)}`,
    );
    return true;
  });
  console.log(
    Object.entries(sum)
      .map(([name, count]) => `${name} ${count}`)
      .join(', '),
  );
  const { user, system } = process.cpuUsage(before);
  const cpuMs = (user + system) / 1000;
  const shape = [
    spreadOf('operations', held, ({ counters }) => counters.operations),
    spreadOf('faults', held, ({ counters }) => counters.faults),
    spreadOf('virtual seconds', held, ({ virtualMs }) => virtualMs / 1000),
    spreadOf('events', held, ({ counters }) => counters.events),
  ];
  if (held.length > 0) console.log(shape.join('; '));
  // Of all threads: workers, garbage collection, compilation.
  const each = (cpuMs / pool.seeds).toFixed(0);
  console.log(`${pool.seeds} seeds from ${from}: ${failed} failed; ${each} ms of processor time each`);
  return failed === 0 ? 0 : 1;
}

/** Of one measure over some seeds: the least, the most and the mean. */
function spreadOf(name: string, reports: readonly SeedReport[], measure: (report: SeedReport) => number): string {
  const values = reports.map(measure);
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  return `${name} ${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}, ${mean.toFixed(1)} on average`;
}

interface Pool {
  readonly jobs: number;
  readonly from: number;
  readonly seeds: number;
}

/** Calls `take` with each report as it comes, until it gives false. */
async function runSeeds(
  root: string,
  { jobs, from, seeds, options, fault }: Pool & { readonly options: SimulationOptions; readonly fault?: Patch | undefined },
  take: (report: SeedReport) => boolean,
): Promise<void> {
  const bundle = await bundleSimulation(root, 'worker', fault);
  let next = from;
  let isWanted = true;
  try {
    await Promise.all(
      Array.from({ length: Math.min(jobs, seeds) }, async () => {
        const worker = new Worker(bundle.path);
        while (isWanted && next < from + seeds) {
          const report = new Promise<SeedReport>((resolve, reject) => {
            worker.once('message', resolve);
            worker.once('error', reject);
          });
          worker.postMessage({ seed: next++, options });
          isWanted = take(await report) && isWanted;
          worker.removeAllListeners('error');
        }
        await worker.terminate();
      }),
    );
  } finally {
    await bundle.remove();
  }
}

async function runOne(root: string, seed: number, options: SimulationOptions, fault: Patch | undefined): Promise<number> {
  const bundle = await bundleSimulation(root, 'simulate', fault);
  process.setSourceMapsEnabled(true);
  try {
    const { simulate } = (await import(bundle.path)) as {
      simulate: (seed: number, options: SimulationOptions) => Promise<SimulationResult>;
    };
    const { failure, trace, hash, brokers, counters } = await simulate(seed, { ...options, stackTraceLimit: 30 });
    for (const line of trace().slice(-SHOWN_LINES)) console.log(line);
    console.log(
      Object.entries(counters)
        .map(([name, count]) => `${name} ${count}`)
        .join(', '),
    );
    console.log(`seed ${seed}, ${brokers} brokers, trace hash ${hash}: ${failure === null ? 'all held' : failure.stack}`);
    return failure === null ? 0 : 1;
  } finally {
    await bundle.remove();
  }
}

/** The quickest to fail first: where it does so still, the test needs no other. */
function seedsOf(reports: readonly SeedReport[]): readonly number[] {
  const quickest = [...reports].sort((a, b) => a.counters.events - b.counters.events || a.seed - b.seed);
  return quickest.slice(0, SEEDS_PER_FAULT).map(({ seed }) => seed);
}

/** As the formatter has it: the seeds on one line. */
function asFormatted(recorded: unknown): string {
  return JSON.stringify(recorded, null, 2).replace(/\[[\d,\s]+\]/g, (seeds) => JSON.stringify(JSON.parse(seeds)).replaceAll(',', ', '));
}

/** Finds seeds that catch each fault by one invariant, the one that the first of them breaks most. */
async function searchFaults(root: string, folder: string, pool: Pool, name: string | undefined): Promise<number> {
  const file = join(folder, 'recorded.json');
  const recorded = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  let missed = 0;
  for (const { patch } of plantedFaults(folder)) {
    if (name !== undefined && patch.name !== name) continue;
    const caught = new Map<string, SeedReport[]>();
    let crashes = 0;
    let tried = 0;
    await runSeeds(root, { ...pool, options: {}, fault: patch }, (report) => {
      const { failure } = report;
      tried++;
      if (failure === null) return true;
      if (!failure.isInvariant) crashes++;
      else caught.set(failure.name, [...(caught.get(failure.name) ?? []), report]);
      return [...caught.values()].every((reports) => reports.length < SEEDS_PER_FAULT);
    });
    const [most] = [...caught].sort(([, a], [, b]) => b.length - a.length);
    if (most === undefined) missed++;
    else recorded[patch.name] = { invariant: most[0], seeds: seedsOf(most[1]) };
    writeFileSync(file, `${asFormatted(recorded)}\n`);
    const seeds = [...caught].map(([name, members]) => `${name} by ${members.length}`).join(', ');
    console.log(`${patch.name}: ${seeds || 'not caught'}; ${tried} seeds tried${crashes > 0 ? `, and ${crashes} crashes` : ''}`);
  }
  return missed === 0 ? 0 : 1;
}
