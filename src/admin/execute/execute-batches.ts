import type { Outcome } from '../../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import { failureOfRequest } from '../answer.js';

/** What a kind of work (leaders, reassignment) does with one batch. */
export interface BatchWork<Item extends TopicPartition, Ready> {
  /** Reads how the items of a batch stand. Changes nothing. */
  readonly examine: (batch: readonly Item[]) => Promise<Examination<Ready>>;
  /** Changes them, and resolves once the cluster shows it: one outcome for each. */
  readonly perform: (ready: readonly Ready[]) => Promise<readonly Outcome<TopicPartition>[]>;
}
export interface Examination<Ready> {
  readonly ready: readonly Ready[];
  /** Of items that there is nothing to do about, or that cannot be worked on. */
  readonly settled: readonly Outcome<TopicPartition>[];
  /** Of items that someone else has changed since the plan was made. */
  readonly drifted: readonly Outcome<TopicPartition>[];
}
export interface ExecutionOptions {
  /** Ends the work between two batches, and the pause between them; a batch that has begun is finished. */
  readonly signal: AbortSignal;
  /** Between two batches. */
  readonly pauseMs: number;
  /** Resolves after the time, or as soon as the signal fires. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Called before each batch and at the end. */
  readonly report: (done: number, of: number) => void;
}

/**
 * Works batch by batch: reads again, stops where the cluster is no longer what the plan was made for, performs. Ends without an
 * outcome for the items that it did not come to. Where a request fails, so do the items of its batch, and none follows.
 */
export async function* executeBatches<Item extends TopicPartition, Ready>(
  batches: readonly (readonly Item[])[],
  { examine, perform }: BatchWork<Item, Ready>,
  { signal, pauseMs, sleep, report }: ExecutionOptions,
): AsyncIterable<Outcome<TopicPartition>> {
  const count = batches.reduce((sum, batch) => sum + batch.length, 0);
  let done = 0;
  for (const [index, batch] of batches.entries()) {
    if (index > 0) await sleep(pauseMs, signal);
    if (signal.aborted) return;
    report(done, count);
    const outcomes = new Map<string, Outcome<TopicPartition>>();
    const add = (found: readonly Outcome<TopicPartition>[]) => {
      for (const outcome of found) outcomes.set(topicPartitionName(outcome), outcome);
    };
    try {
      const { ready, settled, drifted } = await examine(batch);
      if (drifted.length > 0) {
        yield* drifted;
        return;
      }
      add(settled);
      add(await perform(ready));
    } catch (error) {
      // What was sent may have been done all the same: `failed` with the reason is all that is known.
      const failure = failureOfRequest(error);
      for (const { topic, partition } of batch) {
        if (!outcomes.has(topicPartitionName({ topic, partition }))) add([{ topic, partition, outcome: 'failed', error: failure }]);
      }
      yield* outcomes.values();
      return;
    }
    yield* outcomes.values();
    done += batch.length;
    report(done, count);
  }
}
