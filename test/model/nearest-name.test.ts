import { expect, it } from 'vitest';
import { nearestName } from '../../src/model/nearest-name.js';

it.each([
  ['broker', 'brokers'],
  ['Brokers', 'brokers'],
  ['configs', 'config'],
  ['dataDir', null],
  ['datadirectory', 'dataDirectory'],
  ['prot', 'port'],
  ['x', null],
])('takes %s for %s', (name, nearest) => {
  expect(nearestName(name, ['brokers', 'racks', 'config', 'port', 'dataDirectory', 'isolate', 'log'])).toBe(nearest);
});
