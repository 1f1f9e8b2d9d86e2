import type { MoveProgress } from '../admin/execute/move-replicas.js';
import { topicPartitionName } from '../model/topic-partition.js';
import { durationText } from '../render/duration-text.js';
import { sizeText } from '../render/size-text.js';

/**
 * Says what is still to be copied, in the batch under way and of the other rows that are `left`, and how long that takes at the pace so
 * far; nothing where it is not known.
 */
export function moveProgressTeller(
  now: () => number,
  left: ReadonlyMap<string, { readonly moveBytes?: number | null }>,
): (progress: MoveProgress) => string {
  let first: { readonly leftBytes: number; readonly atMs: number } | null = null;
  return ({ batch, leftBytes }) => {
    const inBatch = new Set(batch.map(topicPartitionName));
    const later = [...left].flatMap(([name, { moveBytes = null }]) => (inBatch.has(name) ? [] : [moveBytes]));
    if (leftBytes === null || later.includes(null)) return '';
    const all = later.reduce<number>((sum, bytes) => sum + (bytes ?? 0), leftBytes);
    first ??= { leftBytes: all, atMs: now() };
    const perMs = (first.leftBytes - all) / Math.max(1, now() - first.atMs);
    return `, ${sizeText(all)} left${perMs > 0 ? `, about ${durationText(Math.round(all / perMs))}` : ''}`;
  };
}
