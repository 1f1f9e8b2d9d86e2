import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readOffsetsFile } from '../../../src/commands/offsets/offsets-file.js';

const folder = mkdtempSync(join(tmpdir(), 'offsets-'));
afterAll(() => rmSync(folder, { recursive: true }));
const read = (text: string) => {
  const path = join(folder, 'offsets');
  writeFileSync(path, text);
  return readOffsetsFile(path);
};
const one = { group: 'billing', topic: 'orders', partition: 3, offset: 2n ** 60n };

it('reads what offsets export writes, with exact offsets', () => {
  const file = `{"formatVersion":1,"clusterId":"c","takenAt":"t","offsets":[{"group":"billing","topic":"orders","partition":3,"offset":${2n ** 60n}}]}`;
  expect(read(file)).toEqual([one]);
});

it('reads CSV with and without a header, of one group and of several', () => {
  const line = `orders,3,${2n ** 60n}`;
  expect(read(`group,topic,partition,offset\nbilling,${line}\n`)).toEqual([one]);
  expect(read(`billing,${line}\r\n\r\n`)).toEqual([one]);
  expect(read(`"a,""b""",${line}`)).toEqual([{ ...one, group: 'a,"b"' }]);
  expect(read(`topic,partition,offset\n${line}`)).toEqual([{ ...one, group: null }]);
});

it('names what it cannot read', () => {
  expect(() => read('orders,3,1\norders,x,1')).toThrow(/line 2 is neither topic,partition,offset nor group/);
  expect(() => read('{"formatVersion":2}')).toThrow('made by a newer kafka-ts');
  expect(() => read('{"formatVersion":1,"offsets":[{}]}')).toThrow('is not a file of offsets: offsets.0.group');
  expect(() => read('{')).toThrow('it is not JSON');
});
