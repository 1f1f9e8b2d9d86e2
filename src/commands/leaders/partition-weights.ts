import type { AdminClient } from '../../admin/admin-client.js';
import { partitionSizes } from '../../admin/partition-sizes.js';
import { UsageError } from '../../model/errors.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import type { Run } from '../command.js';
import type { ClusterPorts } from '../ports.js';
import type { LedPartition } from '../read-leaders.js';

export const weightKinds = ['bytes', 'rate'] as const;

/** `bytes`: the size of a partition's log. `rate`: records per second that were written to it during the sample. */
export type WeightKind = (typeof weightKinds)[number];

/** What a partition weighs, and how that was learned. */
export interface Weighing {
  readonly by: WeightKind;
  /** null for `bytes`. */
  readonly sampleMs: number | null;
  /** Partitions that no broker told of: they count as weightless. */
  readonly unknownCount: number;
}
export interface WeightChoice {
  readonly by: WeightKind;
  readonly sampleMs: number;
}

export const weightOptions = {
  weight: {
    type: 'choice',
    choices: weightKinds,
    describe: 'then also what the leaders weigh: the bytes of their logs, or the rate of records written',
  },
  sample: { type: 'duration', value: 'TIME', describe: 'how long to watch the rate (30s unless told)' },
} as const;

/** Null where no weight is asked for. Throws UsageError. */
export function parseWeight({
  weight,
  sample,
}: {
  readonly weight: string | undefined;
  readonly sample: number | undefined;
}): WeightChoice | null {
  const by = weightKinds.find((kind) => kind === weight);
  if (by !== 'rate' && sample !== undefined) throw new UsageError('--sample goes with --weight rate');
  if (sample === 0) throw new UsageError('--sample: it takes some time to see a rate');
  return by === undefined ? null : { by, sampleMs: sample ?? 30_000 };
}

/** The partitions with what each weighs. For a rate it takes the sample's time; fires the signal, it rejects with its reason. */
export async function weighPartitions(
  { admin, now, sleep }: Pick<ClusterPorts, 'admin' | 'now' | 'sleep'>,
  partitions: readonly LedPartition[],
  { by, sampleMs }: WeightChoice,
  run: Run,
): Promise<{ readonly partitions: readonly (LedPartition & { readonly weight: number })[]; readonly weighing: Weighing }> {
  const weightOf =
    by === 'bytes' ? await logSizes(admin, partitions, run) : await recordRates({ admin, now, sleep }, partitions, sampleMs, run);
  const weighed = partitions.map((partition) => ({ ...partition, weight: weightOf.get(topicPartitionName(partition)) ?? 0 }));
  const unknownCount = partitions.filter((partition) => !weightOf.has(topicPartitionName(partition))).length;
  if (unknownCount > 0) {
    run.note(
      `kafka-ts: what ${unknownCount} ${unknownCount === 1 ? 'partition weighs' : 'partitions weigh'} could not be learned; counted as nothing`,
    );
  }
  return { partitions: weighed, weighing: { by, sampleMs: by === 'rate' ? sampleMs : null, unknownCount } };
}

/** In bytes, as each leader's broker tells; where it does not, the largest of the other replicas. */
export async function logSizes(
  admin: AdminClient,
  partitions: readonly LedPartition[],
  { signal, note }: Pick<Run, 'signal' | 'note'>,
): Promise<ReadonlyMap<string, number>> {
  const brokers = await admin.describeLogDirs({ signal });
  for (const { broker, logDirs, error } of brokers) {
    const failed = error ?? logDirs.find((directory) => directory.error !== null)?.error ?? null;
    if (failed !== null) note(`kafka-ts: broker ${broker} does not tell all that it holds: ${failed.message} (${failed.code})`);
  }
  return partitionSizes(partitions, brokers);
}

const TICK_MS = 1_000;

async function recordRates(
  { admin, now, sleep }: Pick<ClusterPorts, 'admin' | 'now' | 'sleep'>,
  partitions: readonly TopicPartition[],
  sampleMs: number,
  { signal, report }: Run,
): Promise<ReadonlyMap<string, number>> {
  const endOffsets = async () => {
    const rows = await admin.listEndOffsets(partitions, { signal });
    return new Map(rows.flatMap((row) => (row.error === null ? [[topicPartitionName(row), row.endOffset] as const] : [])));
  };
  const first = await endOffsets();
  const started = now();
  for (let elapsed = 0; elapsed < sampleMs; elapsed = now() - started) {
    report(Math.round(elapsed / 1_000), Math.ceil(sampleMs / 1_000), 'watching what is written, seconds');
    await sleep(Math.min(TICK_MS, sampleMs - elapsed), signal);
    signal.throwIfAborted();
  }
  const seconds = (now() - started) / 1_000;
  const rates = new Map<string, number>();
  for (const [name, end] of await endOffsets()) {
    const begin = first.get(name);
    // A topic that was deleted and made anew ends before it began.
    if (begin !== undefined) rates.set(name, Math.max(0, Number(end - begin)) / seconds);
  }
  return rates;
}
