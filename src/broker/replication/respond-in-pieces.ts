import type { Clock } from '../../environment/environment.js';
import type { TargetRead } from './fetch-parameters.js';
import type { FetchAnswer, FetchResult } from './fetch-session.js';
import type { FetchContext, FetchReply } from './fetch-session-cache.js';
import { breathe } from './in-slices.js';

/** Of a session, between two looks at the clock. */
const PIECE_READS = 250;

/** Whether so much was read in a session that it is better answered in pieces. */
export const isForPieces = ({ session }: FetchContext, reads: readonly TargetRead[]): boolean =>
  session !== null && reads.length > PIECE_READS;

/**
 * As `respond` of all that was read and of `rest`, which is asked for last. What happens in between to a partition that was answered for makes
 * it due again.
 */
export async function respondInPieces<A extends FetchAnswer>(
  clock: Clock,
  { respond }: FetchContext,
  reads: readonly TargetRead[],
  answer: (read: TargetRead) => FetchResult<A>,
  rest: () => readonly FetchResult<A>[],
): Promise<FetchReply<A>> {
  const selected: FetchResult<A>[] = [];
  let isOver = clock.beginSlice();
  for (let first = 0; first < reads.length; first += PIECE_READS) {
    selected.push(...respond(reads.slice(first, first + PIECE_READS).map(answer)).results);
    if (!isOver()) continue;
    await breathe(clock);
    isOver = clock.beginSlice();
  }
  const { error, sessionId, results } = respond(rest());
  return { error, sessionId, results: error === null ? [...selected, ...results] : [] };
}
