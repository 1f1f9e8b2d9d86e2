import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const source = (path: string) => readFileSync(new URL(`../../src/${path}`, import.meta.url), 'utf8');

it('the library exports each type that AdminClient takes or gives', () => {
  const imports = source('admin/admin-client.ts').matchAll(/^import (type )?\{([^}]*)\}/gm);
  const types = [...imports].flatMap(([, areTypes, names = '']) =>
    [...names.matchAll(/(type )?(\w+),?/g)].flatMap(([, isType, name = '']) => (areTypes || isType ? [name] : [])),
  );
  const exported = new Set(source('index.ts').match(/\w+/g));
  // What the AdminClient itself is made of.
  expect(types.filter((name) => name !== 'Client' && !exported.has(name))).toEqual([]);
  expect(types).toContain('CallOptions');
});
