/**
 * The nodes of a new cluster that vote on its metadata, and run a controller for it: the first 1, 3 or 5 by id, so that one, none or two
 * of them may be lost. The others follow the metadata as observers. `nodeIds` in any order; the result is sorted.
 */
export function voterIdsOf(nodeIds: readonly number[]): readonly number[] {
  const count = nodeIds.length < 3 ? 1 : nodeIds.length < 5 ? 3 : 5;
  return [...nodeIds].sort((a, b) => a - b).slice(0, count);
}
