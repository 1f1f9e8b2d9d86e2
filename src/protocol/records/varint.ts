/** Bytes of a zigzag varint as in Protocol Buffers; `value` is a safe integer, negative ones too. */
export function varintSize(value: number): number {
  let rest = zigzag(value);
  let size = 1;
  while (rest >= 0x80) {
    rest = Math.floor(rest / 0x80);
    size++;
  }
  return size;
}

/** Writes the zigzag varint of a safe integer and returns the position after it. */
export function writeVarint(target: Uint8Array, position: number, value: number): number {
  let rest = zigzag(value);
  while (rest >= 0x80) {
    target[position++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  target[position++] = rest;
  return position;
}

const zigzag = (value: number): number => (value >= 0 ? value * 2 : value * -2 - 1);
