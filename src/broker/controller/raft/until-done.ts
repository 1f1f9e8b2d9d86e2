import type { Environment } from '../../../environment/environment.js';

/** Kafka's controller.quorum.retry.backoff.ms; doubled with each retry. */
const FIRST_BACKOFF_MS = 20;
const LONGEST_BACKOFF_MS = 500;

/** Tries, at growing intervals, until it has worked or is not wanted any more. Rejects with what `attempt` throws. */
export async function untilDone(
  { clock, random }: Pick<Environment, 'clock' | 'random'>,
  isWanted: () => boolean,
  attempt: () => Promise<'done' | 'again'>,
): Promise<void> {
  for (let retry = 0; isWanted(); retry++) {
    if ((await attempt()) === 'done' || !isWanted()) return;
    const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** retry);
    await new Promise<void>((resolve) => clock.after(backoffMs * (0.5 + random.uniform() / 2), resolve));
  }
}
