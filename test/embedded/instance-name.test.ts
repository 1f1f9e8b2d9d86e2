import { describe, expect, it } from 'vitest';
import { instanceName } from '../../src/embedded/instance-name.js';
import { UsageError } from '../../src/model/errors.js';

describe('instanceName', () => {
  it('is --name, else the variable, else default', () => {
    const variables = { KAFKA_TS_EMBEDDED_NAME: 'billing' };
    expect(instanceName('orders', variables)).toBe('orders');
    expect(instanceName(undefined, variables)).toBe('billing');
    expect(instanceName(undefined, { KAFKA_TS_EMBEDDED_NAME: '' })).toBe('default');
    expect(instanceName(undefined, {})).toBe('default');
  });

  it('takes what is safe as the name of a directory', () => {
    for (const name of ['a', 'A1', 'v1.2_test-3', 'x'.repeat(64)]) expect(instanceName(name, {})).toBe(name);
  });

  it.each(['', '.', '..', '../other', 'a/b', 'a\\b', '-rf', '.hidden', 'a b', 'ä', 'a\n', 'x'.repeat(65)])('refuses %j', (name) => {
    expect(() => instanceName(name, {})).toThrow(UsageError);
  });

  it('says where an illegal name came from', () => {
    expect(() => instanceName(undefined, { KAFKA_TS_EMBEDDED_NAME: 'a/b' })).toThrow("KAFKA_TS_EMBEDDED_NAME: 'a/b' cannot name");
    expect(() => instanceName('a/b', {})).toThrow("--name: 'a/b' cannot name");
  });
});
