import { expect, it } from 'vitest';
import { createUuid, uuidFromBytes, uuidToBytes, ZERO_UUID } from '../../src/model/uuid.js';

it('spells sixteen zero bytes as ZERO_UUID', () => {
  expect(uuidFromBytes(new Uint8Array(16))).toBe(ZERO_UUID);
  expect([...uuidToBytes(ZERO_UUID)]).toEqual(new Array(16).fill(0));
});

it('reads sixteen bytes out of a larger buffer', () => {
  const frame = Uint8Array.from({ length: 40 }, (_, index) => index);
  expect([...uuidToBytes(uuidFromBytes(frame.subarray(8, 24)))]).toEqual([...frame.subarray(8, 24)]);
});

it('draws again where an id would begin with a dash', () => {
  // 0xf8 is the six bits 111110, which base64url spells '-'.
  const draws = [new Uint8Array(16).fill(0xf8), new Uint8Array(16).fill(1)];
  expect(createUuid(() => draws.shift() ?? new Uint8Array(16))).toMatch(/^AQEBAQEBQQGB[\w-]{10}$/);
  expect(draws).toHaveLength(0);
});
