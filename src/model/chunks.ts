/** `items` in parts of at most `size`. */
export function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** `items` in parts whose sizes add up to at most `most`; an item that is larger by itself is a part of its own. */
export function chunksBySize<Item>(items: readonly Item[], sizeOf: (item: Item) => number, most: number): readonly (readonly Item[])[] {
  const parts: Item[][] = [];
  let room = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (parts.length === 0 || size > room) {
      parts.push([]);
      room = most;
    }
    parts.at(-1)!.push(item);
    room -= size;
  }
  return parts;
}
