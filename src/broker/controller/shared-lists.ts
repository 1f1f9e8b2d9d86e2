/** More than so many different ones are not worth remembering: then most partitions have their own. */
const MOST_LISTS = 1_000;

/**
 * Gives equal lists as one and the same: thousands of partitions have the same replicas in the same directories, and each node keeps them all.
 * What is given must not be changed.
 */
export function createSharedLists<Item extends string | number>(): (list: readonly Item[]) => readonly Item[] {
  const known = new Map<string, readonly Item[]>();
  const none: readonly Item[] = [];
  return (list) => {
    if (list.length === 0) return none;
    const key = list.join();
    const shared = known.get(key);
    if (shared !== undefined) return shared;
    if (known.size === MOST_LISTS) known.clear();
    known.set(key, list);
    return list;
  };
}
