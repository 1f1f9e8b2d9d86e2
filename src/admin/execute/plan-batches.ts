import { chunks } from '../../model/chunks.js';

export interface BatchLimits {
  /** The most items of a batch; at least 1. */
  readonly batchSize: number;
  /** The most items of a batch whose leader goes to the same broker; at least 1. */
  readonly perDestination: number;
}

/** Where an item's leader goes; null for what moves none. `from` is -1 where nobody leads. */
export type Route = { readonly from: number; readonly to: number } | null;

/**
 * Batches in which no broker ever leads more than the larger of what it leads before the first batch and after the last, whatever
 * the order in which Kafka carries out the items of a batch: a broker gets leaders only into the room that earlier batches have left it.
 *
 * There is always such an item: among the brokers that leaders are still to go to, one has none to give away any more, or else moves
 * go in a circle. The first can take all its own, since these make up what it lacks. In a circle, which a plan with the fewest moves
 * never has, every broker is full; it is broken by one batch of it, in which a broker may lead one more for as long as the batch takes.
 *
 * Items that move no leader come last. Equal routes keep the order of the items.
 */
export function planBatches<Item>(
  items: readonly Item[],
  routeOf: (item: Item) => Route,
  { batchSize, perDestination }: BatchLimits,
): readonly (readonly Item[])[] {
  const { waiting, room, still } = sortOut(items, routeOf);
  const batches: (readonly Item[])[] = [];
  while (waiting.size > 0) {
    let taken = takeAllowed(waiting, room, { batchSize, perDestination });
    if (taken.length === 0) taken = takeCircle(waiting);
    for (const { from, to } of taken) {
      room.set(from, roomOf(room, from) + 1);
      room.set(to, roomOf(room, to) - 1);
    }
    // A circle that is longer than a batch goes on in the next ones, so that never more than one broker has one too many.
    batches.push(
      ...chunks(
        taken.map(({ item }) => item),
        batchSize,
      ),
    );
  }
  return [...batches, ...chunks(still, batchSize)];
}

interface Move<Item> {
  readonly item: Item;
  readonly from: number;
  readonly to: number;
}
/** Moves not yet in a batch, by destination, the next one last. No list is empty. */
type Waiting<Item> = Map<number, Move<Item>[]>;
/** How many more leaders a broker may have now. It begins with what the broker is to gain over all, and never below 0. */
type Room = Map<number, number>;

const roomOf = (room: Room, broker: number): number => room.get(broker) ?? 0;

function sortOut<Item>(items: readonly Item[], routeOf: (item: Item) => Route) {
  const waiting: Waiting<Item> = new Map();
  const gain: Room = new Map();
  const still: Item[] = [];
  for (const item of items) {
    const route = routeOf(item);
    if (route === null) {
      still.push(item);
      continue;
    }
    const moves = waiting.get(route.to);
    if (moves === undefined) waiting.set(route.to, [{ item, ...route }]);
    else moves.push({ item, ...route });
    gain.set(route.to, roomOf(gain, route.to) + 1);
    gain.set(route.from, roomOf(gain, route.from) - 1);
  }
  for (const moves of waiting.values()) moves.reverse();
  const room: Room = new Map([...gain].map(([broker, count]) => [broker, Math.max(0, count)]));
  return { waiting, room, still };
}

/** Takes from the destinations in turn, so that each batch is spread over them. */
function takeAllowed<Item>(waiting: Waiting<Item>, room: Room, { batchSize, perDestination }: BatchLimits): Move<Item>[] {
  const batch: Move<Item>[] = [];
  for (let round = 0; round < perDestination && batch.length < batchSize; round++) {
    const before = batch.length;
    for (const [to, moves] of waiting) {
      if (batch.length === batchSize) break;
      if (round >= roomOf(room, to)) continue;
      const move = moves.pop();
      if (move !== undefined) batch.push(move);
      if (moves.length === 0) waiting.delete(to);
    }
    if (batch.length === before) break;
  }
  return batch;
}

/** Every broker that leaders wait for is full, so each has one to give: going from one to the next comes to a broker met before. */
function takeCircle<Item>(waiting: Waiting<Item>): Move<Item>[] {
  const leaving = new Map<number, Move<Item>>();
  for (const moves of waiting.values()) for (const move of moves) if (!leaving.has(move.from)) leaving.set(move.from, move);
  const [start = -1] = waiting.keys();
  const path: Move<Item>[] = [];
  const metAt = new Map<number, number>();
  for (let broker = start; !metAt.has(broker); broker = path.at(-1)?.to ?? start) {
    const move = leaving.get(broker);
    if (move === undefined) throw new Error(`broker ${broker} is full and gives nothing away`);
    metAt.set(broker, path.length);
    path.push(move);
  }
  const circle = path.slice(metAt.get(path.at(-1)?.to ?? start));
  for (const move of circle) remove(waiting, move);
  return circle;
}

function remove<Item>(waiting: Waiting<Item>, move: Move<Item>): void {
  const left = waiting.get(move.to)?.filter((each) => each !== move) ?? [];
  if (left.length === 0) waiting.delete(move.to);
  else waiting.set(move.to, left);
}
