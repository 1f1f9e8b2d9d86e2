import { describe, expect, it } from 'vitest';
import { absentValue, parseOptionValue } from '../../src/cli/option-value.js';
import type { OptionSpec } from '../../src/commands/option.js';

const now = Date.parse('2026-01-31T12:00:00Z');
const parse = (type: Exclude<OptionSpec['type'], 'choice'>, text: string, previous?: unknown) =>
  parseOptionValue({ type, describe: '' } as OptionSpec, text, previous, now);

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
    ['PT1H30M', 5_400_000],
    ['P1DT0.5S', 86_400_500],
    ['P2D', 172_800_000],
  ])('%s', (text, ms) => expect(parse('duration', text)).toBe(ms));
  it.each(['', '5', '5 s', '-5s', '5y', 's', 'P', 'PT', 'P1DT', 'P1Y', 'PT1H1', 'PTS'])('is not %j', (text) =>
    expect(() => parse('duration', text)).toThrow('A duration is wanted'),
  );
});

describe('a time', () => {
  it.each([
    ['now', now],
    ['-2h', now - 7_200_000],
    ['0', 0],
    ['1769860800000', 1_769_860_800_000],
    ['2026-01-31T11:00:00Z', now - 3_600_000],
    ['2026-01-31T13:00:00+02:00', now - 3_600_000],
    ['2026-01-31T11:00', now - 3_600_000],
    ['2026-01-31T11:00:00.000', now - 3_600_000],
    ['2026-01-31', Date.parse('2026-01-31T00:00:00Z')],
  ])('%s', (text, ms) => expect(parse('time', text)).toBe(ms));
  it.each(['', 'yesterday', '2h', '2026-13-01', 'January 1'])('is not %j', (text) =>
    expect(() => parse('time', text)).toThrow('A time is wanted'),
  );
});

describe('a size', () => {
  it.each([
    ['512', 512],
    ['10KiB', 10_240],
    ['10MiB', 10_485_760],
    ['1.5GiB', 1_610_612_736],
    ['2GB', 2_000_000_000],
  ])('%s', (text, bytes) => expect(parse('size', text)).toBe(bytes));
  it.each(['', '10mib', '10 MiB', '-1', 'MiB'])('is not %j', (text) => expect(() => parse('size', text)).toThrow('A size is wanted'));
});

describe('an integer', () => {
  it('is within its bounds', () => {
    const spec = { type: 'integer', describe: '', min: 1, max: 9 } as const;
    expect(parseOptionValue(spec, '9', undefined, now)).toBe(9);
    expect(() => parseOptionValue(spec, '0', undefined, now)).toThrow('at least 1');
    expect(() => parseOptionValue(spec, '10', undefined, now)).toThrow('at most 9');
  });
  it('is one that numbers can hold', () => {
    expect(() => parse('integer', '9007199254740993')).toThrow('at most 9007199254740991');
  });
  it.each(['', '1.5', '0x10', '1e3', 'ten'])('is not %j', (text) =>
    expect(() => parse('integer', text)).toThrow('A whole number is wanted'),
  );
});

describe('what repeats', () => {
  it('is a list, split at commas', () => {
    expect(parse('list', 'c', parse('list', 'a,b'))).toEqual(['a', 'b', 'c']);
  });
  it.each(['1,,2', ',1', '1,'])('is no list where an item of it is left out: %s', (text) => {
    expect(() => parse('list', text)).toThrow('Nothing stands beside a comma.');
    expect(() => parse('list', '')).toThrow('It must not be empty.');
  });
  it('is pairs, whose values keep their commas and equal signs', () => {
    const first = parse('pairs', 'cleanup.policy=compact,delete');
    expect(parse('pairs', 'x=a=b', first)).toEqual(
      new Map([
        ['cleanup.policy', 'compact,delete'],
        ['x', 'a=b'],
      ]),
    );
    expect(parse('pairs', 'x=')).toEqual(new Map([['x', '']]));
    expect(() => parse('pairs', 'x=1', first && new Map([['x', '0']]))).toThrow('x is given twice');
    expect(() => parse('pairs', 'retention.ms')).toThrow('NAME=VALUE is wanted');
    expect(() => parse('pairs', '=5')).toThrow('NAME=VALUE is wanted');
    const header = { type: 'pairs', describe: '', example: 'source=import' } as const;
    expect(() => parseOptionValue(header, 'x', undefined, now)).toThrow('NAME=VALUE is wanted, such as source=import.');
  });
});

it('is one of the choices', () => {
  const spec = { type: 'choice', describe: '', choices: ['a', 'b'] } as const;
  expect(parseOptionValue(spec, 'b', undefined, now)).toBe('b');
  expect(() => parseOptionValue(spec, 'c', undefined, now)).toThrow('Choose one of a, b');
});

it('has a value where it does not stand on the command line', () => {
  const types = ['boolean', 'count', 'list', 'pairs', 'string', 'integer'] as const;
  expect(types.map((type) => absentValue({ type, describe: '' }))).toEqual([false, 0, [], new Map(), undefined, undefined]);
});
