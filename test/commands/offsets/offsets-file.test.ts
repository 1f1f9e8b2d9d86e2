import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readOffsetsFile } from '../../../src/commands/offsets/offsets-file.js';

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kafka-ts-offsets-'));
  path = join(folder, 'offsets');
});
afterAll(() => rmSync(folder, { recursive: true }));
const readAny = (text: string) => {
  writeFileSync(path, text);
  return readOffsetsFile(path);
};
const read = (text: string) => {
  const file = readAny(text);
  return file.kind === 'offsets' ? file.offsets : file;
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
  expect(read('"a-topic-of-more-than-24-letters",3,7')).toEqual([
    { group: null, topic: 'a-topic-of-more-than-24-letters', partition: 3, offset: 7n },
  ]);
});

it('reads what a reset or a delete wrote to be taken back from', () => {
  const rows = [
    { name: 'a group orders:3', before: 1, after: 2, command: 'c' },
    { name: 'b orders:0', before: null, after: 2, command: 'c' },
    { name: 'b orders:1', before: 1, after: null, command: 'c' },
  ];
  const undo = (command: string, named = rows) =>
    JSON.stringify({ formatVersion: 1, clusterId: 'c', takenAt: 't', command, rows: named }, null, 2);
  expect(readAny(undo('offsets reset'))).toEqual({
    kind: 'undo',
    path,
    clusterId: 'c',
    rows: [
      { group: 'a group', topic: 'orders', partition: 3, before: 1n, after: 2n },
      { group: 'b', topic: 'orders', partition: 0, before: null, after: 2n },
      { group: 'b', topic: 'orders', partition: 1, before: 1n, after: null },
    ],
  });
  expect(() => readAny(undo('leaders balance'))).toThrow('is not an undo file of offsets, but the undo file of leaders balance');
  expect(() => readAny(undo('offsets delete', [{ ...rows[0]!, name: 'orders' }]))).toThrow("'orders' is not GROUP TOPIC:PARTITION");
});

it('refuses two offsets for one partition', () => {
  expect(() => read('orders,3,1\norders,3,2')).toThrow('it names orders:3 twice');
  expect(() => read('a,orders,3,1\na,orders,3,1')).toThrow('it names a orders:3 twice');
  expect(read('a,orders,3,1\nb,orders,3,2\norders,3,3')).toHaveLength(3);
});

it('names what it cannot read', () => {
  expect(() => read('orders,3,1\norders,x,1')).toThrow(/line 2 is neither topic,partition,offset nor group/);
  expect(() => read('{"formatVersion":2}')).toThrow('made by a newer kafka-ts');
  expect(() => read('{"formatVersion":1,"offsets":[{}]}')).toThrow('is not a file of offsets: offsets.0.group');
  expect(() => read('{')).toThrow('it is not JSON');
  expect(() => read('\n')).toThrow('it is empty');
});
