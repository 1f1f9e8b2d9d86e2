import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clusterFormat } from '../../src/embedded/cluster-file.js';
import {
  makePrivateDirectory,
  readStateFile,
  removeStateFile,
  type StateFormat,
  stringField,
  writeStateFile,
} from '../../src/embedded/state-file.js';
import { MachineError } from '../../src/model/errors.js';
import { temporaryDirectory } from './temporary-directory.js';

interface Pet {
  readonly name: string;
  readonly sound: string;
}
/** As if there had been two formats before: the first had no sound, the second called it noise. */
const petFormat: StateFormat<Pet> = {
  version: 3,
  migrations: [(older) => ({ ...older, noise: 'none' }), ({ noise, ...older }) => ({ ...older, sound: noise })],
  parse: (fields) => ({ name: stringField(fields, 'name'), sound: stringField(fields, 'sound') }),
};
const petFile = (text?: string): string => {
  const path = join(temporaryDirectory(), 'pet.json');
  if (text !== undefined) writeFileSync(path, text);
  return path;
};

describe('readStateFile', () => {
  it('gives what was written, and null where nothing was', () => {
    const path = petFile();
    expect(readStateFile(path, petFormat)).toBeNull();
    writeStateFile(path, petFormat, { name: 'Kitty', sound: 'meow' });
    expect(readStateFile(path, petFormat)).toEqual({ name: 'Kitty', sound: 'meow' });
    removeStateFile(path);
    removeStateFile(path);
    expect(readStateFile(path, petFormat)).toBeNull();
  });

  it('migrates older formats through every version between, after a copy', () => {
    const text = '{"formatVersion": 1, "name": "Kitty"}';
    const path = petFile(text);
    expect(readStateFile(path, petFormat)).toEqual({ name: 'Kitty', sound: 'none' });
    expect(readFileSync(`${path}.v1`, 'utf8')).toBe(text);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ formatVersion: 3, name: 'Kitty', sound: 'none' });
    writeFileSync(path, '{"formatVersion": 2, "name": "Rex", "noise": "woof"}');
    expect(readStateFile(path, petFormat)).toEqual({ name: 'Rex', sound: 'woof' });
  });

  it('refuses a newer format, naming both versions, and leaves it as it is', () => {
    const text = '{"formatVersion": 7, "name": "Kitty"}';
    const path = petFile(text);
    expect(() => readStateFile(path, petFormat)).toThrow(/pet\.json has format 7, .* reads up to format 3/);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it.each([
    '',
    '[]',
    'null',
    '{"name": "Kitty"}',
    '{"formatVersion": 0}',
    '{"formatVersion": "1"}',
    '{"formatVersion": 3, "name": 1}',
    '{"formatVersion": 3',
  ])('refuses %j with the name of the file', (text) => {
    const path = petFile(text);
    expect(() => readStateFile(path, petFormat)).toThrow(MachineError);
    expect(() => readStateFile(path, petFormat)).toThrow(path);
  });
});

describe('writeStateFile', () => {
  it('is for its owner alone, and leaves nothing else behind', () => {
    const path = petFile();
    writeStateFile(path, petFormat, { name: 'Kitty', sound: 'meow' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(path, '..'))).toEqual(['pet.json']);
  });

  it('says which path and what to do where the system refuses', () => {
    const file = petFile('');
    expect(() => writeStateFile(join(file, 'below', 'pet.json'), petFormat, { name: 'Kitty', sound: 'meow' })).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(join(file, 'below', 'pet.json')),
        hint: expect.stringContaining('KAFKA_TS_HOME'),
      }),
    );
  });
});

describe('makePrivateDirectory', () => {
  it('makes it with its parents, for its owner alone', () => {
    const path = join(temporaryDirectory(), 'state', 'embedded', 'default');
    makePrivateDirectory(path);
    makePrivateDirectory(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('says so where a file is in the way', () => {
    const file = petFile('');
    expect(() => makePrivateDirectory(join(file, 'embedded'))).toThrow(
      `cannot make the directory ${join(file, 'embedded')}: a part of the path is a file`,
    );
  });
});

describe('clusterFormat', () => {
  it.each([
    {},
    { clusterId: 'x', nodes: [], dataDirectory: null, configs: {} },
    { clusterId: 'x', nodes: [{ id: 1 }], dataDirectory: null, configs: {} },
    { clusterId: 'x', nodes: [{ id: 1, port: 2 }], dataDirectory: 3, configs: {} },
    { clusterId: 'x', nodes: [{ id: 1, port: 2 }], dataDirectory: null, configs: { a: 1 } },
  ])('refuses %j', (fields) => {
    expect(() => clusterFormat.parse(fields)).toThrow(SyntaxError);
  });
});
