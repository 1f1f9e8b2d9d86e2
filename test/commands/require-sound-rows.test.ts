import { expect, it } from 'vitest';
import { requireSoundRows } from '../../src/commands/require-sound-rows.js';

const row = { topic: 't', partition: 0, replicas: [3, 1], leader: 1 };

it('takes rows of which each partition is named once and is led by one of its replicas, by nobody, or by whoever leads it', () => {
  expect(() => requireSoundRows('f', [row, { ...row, partition: 1, leader: -1 }, { ...row, partition: 2, leader: null }])).not.toThrow();
});

it('names what contradicts itself', () => {
  expect(() => requireSoundRows('f', [row, row])).toThrow('f names t:0 twice');
  expect(() => requireSoundRows('f', [{ ...row, replicas: [1, 1] }])).toThrow('f names a broker twice for t:0: 1,1');
  expect(() => requireSoundRows('f', [{ ...row, leader: 9 }])).toThrow('f has t:0 led by 9, which is none of its replicas 3,1');
});
