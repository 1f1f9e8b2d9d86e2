import { join } from 'node:path';
import type { Disk } from '../../environment/environment.js';
import {
  CLEANED_SUFFIX,
  DELETED_SUFFIX,
  LOG_SUFFIX,
  OFFSET_INDEX_SUFFIX,
  offsetOfFileName,
  SWAP_SUFFIX,
  TIME_INDEX_SUFFIX,
} from './file-names.js';
import { Segment } from './segment.js';

const transient = [CLEANED_SUFFIX, DELETED_SUFFIX, SWAP_SUFFIX];

/**
 * Removes what was on its way out of a log's directory, and finishes or undoes what the cleaner was at: a crash in the middle of cleaning
 * leaves `.cleaned` files, which are worthless, or `.swap` files, which are whole and replace the segments that they were made from.
 * Where both are there, the swap had not begun and the old segments are all still there. Takes the names in the directory, and gives those
 * that are there afterwards.
 */
export function finishSwap(disk: Disk, directory: string, names: readonly string[]): readonly string[] {
  if (!names.some((name) => transient.some((suffix) => name.endsWith(suffix)))) return names;
  const remove = (removed: readonly string[]) => {
    for (const name of removed) disk.remove(join(directory, name));
  };
  const cleaned = names.filter((name) => name.endsWith(CLEANED_SUFFIX));
  remove(names.filter((name) => name.endsWith(DELETED_SUFFIX)));
  remove(cleaned);
  const swaps = names.filter((name) => name.endsWith(SWAP_SUFFIX));
  if (cleaned.length > 0) remove(swaps);
  else {
    for (const name of swaps) {
      const baseOffset = offsetOfFileName(name, LOG_SUFFIX + SWAP_SUFFIX);
      if (baseOffset !== null) remove(replacedBy(disk, directory, baseOffset));
    }
    for (const name of swaps) disk.rename(join(directory, name), join(directory, name.slice(0, -SWAP_SUFFIX.length)));
  }
  return disk.list(directory);
}

/** The files of the segments that a whole `.swap` segment was made from. */
function replacedBy(disk: Disk, directory: string, baseOffset: bigint): readonly string[] {
  const swap = new Segment(disk, directory, baseOffset, { createdMs: 0, suffix: SWAP_SUFFIX });
  let lastOffset = baseOffset;
  for (const { header } of swap.headers(0)) ({ lastOffset } = header);
  swap.close();
  return disk.list(directory).filter((name) =>
    [LOG_SUFFIX, OFFSET_INDEX_SUFFIX, TIME_INDEX_SUFFIX].some((suffix) => {
      const offset = offsetOfFileName(name, suffix);
      return offset !== null && offset >= baseOffset && offset <= lastOffset;
    }),
  );
}
