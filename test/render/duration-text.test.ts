import { expect, it } from 'vitest';
import { durationText } from '../../src/render/duration-text.js';

it.each([
  [0, '0ms'],
  [999, '999ms'],
  [1_000, '1s'],
  [119_999, '1m'],
  [7_200_000, '2h'],
  [3 * 86_400_000, '3d'],
])('shows %d as %s', (ms, text) => expect(durationText(ms)).toBe(text));
