import { expect, it } from 'vitest';
import { configDirectory, stateDirectory } from '../../src/cli/paths.js';

const state = (variables: Record<string, string>, platform = 'linux') => stateDirectory({ platform, variables });

it.each([
  ['KAFKA_TS_HOME goes before all', { KAFKA_TS_HOME: '/k', XDG_STATE_HOME: '/x', HOME: '/h' }, '/k'],
  ['then the XDG variable', { XDG_STATE_HOME: '/x', HOME: '/h' }, '/x/kafka-ts'],
  ['which is ignored where it is relative', { XDG_STATE_HOME: 'x', HOME: '/h' }, '/h/.local/state/kafka-ts'],
  ['or empty', { KAFKA_TS_HOME: '', XDG_STATE_HOME: '', HOME: '/h' }, '/h/.local/state/kafka-ts'],
])('%s', (_what, variables, expected) => expect(state(variables)).toBe(expected));

it('is the local application data on Windows', () => {
  expect(state({ LOCALAPPDATA: '/data', HOME: '/h' }, 'win32')).toBe('/data/kafka-ts');
});

it('is nowhere without a home, and says what to set', () => {
  expect(() => state({})).toThrow(expect.objectContaining({ name: 'MachineError', hint: expect.stringContaining('KAFKA_TS_HOME') }));
});

const config = (variables: Record<string, string>, platform = 'linux') => configDirectory({ platform, variables });

it.each([
  ['KAFKA_TS_HOME goes before all', { KAFKA_TS_HOME: '/k', XDG_CONFIG_HOME: '/x', HOME: '/h' }, '/k'],
  ['then the XDG variable', { XDG_CONFIG_HOME: '/x', HOME: '/h' }, '/x/kafka-ts'],
  ['which is ignored where it is relative', { XDG_CONFIG_HOME: 'x', HOME: '/h' }, '/h/.config/kafka-ts'],
  ['and nothing is without a home', {}, null],
])('of the configuration %s', (_what, variables, expected) => expect(config(variables)).toBe(expected));

it('is the application data on Windows', () => {
  expect(config({ APPDATA: '/data', HOME: '/h' }, 'win32')).toBe('/data/kafka-ts');
  expect(config({ HOME: '/h' }, 'win32')).toBeNull();
});
