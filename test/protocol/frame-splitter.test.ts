import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src/model/errors.js';
import { createFrameSplitter } from '../../src/protocol/frame-splitter.js';

const framed = (frame: Uint8Array): Buffer => {
  const size = Buffer.alloc(4);
  size.writeInt32BE(frame.byteLength);
  return Buffer.concat([size, frame]);
};

describe('createFrameSplitter', () => {
  it('gives the same frames however the stream is cut', () => {
    const frames = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 });
    const property = fc.property(frames, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (sent, cuts) => {
      const stream = Buffer.concat(sent.map(framed));
      const received: Uint8Array[] = [];
      const split = createFrameSplitter(50, (frame) => received.push(Uint8Array.from(frame)));
      for (let offset = 0, turn = 0; offset < stream.byteLength; turn++) {
        const length = cuts[turn % cuts.length] ?? 1;
        split(stream.subarray(offset, offset + length));
        offset += length;
      }
      expect(received).toEqual(sent);
    });
    fc.assert(property);
  });

  it('gives a view of a frame that comes whole, and joins one that comes in pieces', () => {
    const received: Uint8Array[] = [];
    const split = createFrameSplitter(10_000_000, (frame) => received.push(frame));
    const whole = framed(Uint8Array.of(1, 2, 3));
    split(whole);
    expect(received[0]?.buffer).toBe(whole.buffer);

    const large = new Uint8Array(1_000_000).map((_, index) => index % 251);
    const stream = framed(large);
    for (let offset = 0; offset < stream.byteLength; offset += 60_000) split(stream.subarray(offset, offset + 60_000));
    expect(Buffer.compare(received[1] ?? new Uint8Array(0), large)).toBe(0);
  });

  it('refuses a size that is negative or above the limit, after the frames before it', () => {
    for (const [size, message] of [
      ['ffffffff', 'frame size -1 is negative'],
      ['0000000b', 'frame size 11 is above the limit of 10'],
      ['48545450', 'frame size 1213486160 is above the limit of 10'],
    ] as const) {
      const received: Uint8Array[] = [];
      const split = createFrameSplitter(10, (frame) => received.push(frame));
      expect(() => split(Buffer.concat([framed(Uint8Array.of(1)), Buffer.from(size, 'hex')]))).toThrow(new ProtocolError(message));
      expect(received).toEqual([Buffer.of(1)]);
    }
  });

  it('allocates as bytes come, not as the size says', () => {
    const before = process.memoryUsage().arrayBuffers;
    const splitters = Array.from({ length: 100 }, () => createFrameSplitter(2 ** 30, () => {}));
    for (const split of splitters) split(Buffer.from('3fffffff00', 'hex'));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });
});
