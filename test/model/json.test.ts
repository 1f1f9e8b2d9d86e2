import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, stringifyJson } from '../../src/model/json.js';

describe('stringifyJson', () => {
  it('writes a bigint as a bare integer', () => {
    expect(stringifyJson({ offset: 9223372036854775807n, lag: -1n })).toBe('{"offset":9223372036854775807,"lag":-1}');
  });

  it('leaves strings alone that look like its own mark', () => {
    const text = stringifyJson({ '\uE0005': '\uE0005', lag: 5n });
    expect(JSON.parse(text)).toEqual({ '\uE0005': '\uE0005', lag: 5 });
  });

  it('indents', () => {
    expect(stringifyJson([1n], 2)).toBe('[\n  1\n]');
  });
});

describe('parseJson', () => {
  it('reads integers beyond 2^53 as bigint and others as number', () => {
    expect(parseJson('[9007199254740991, 9007199254740992, -9007199254740993, 1.5e20, 0.1234567890123456]')).toEqual([
      9007199254740991,
      9007199254740992n,
      -9007199254740993n,
      1.5e20,
      0.1234567890123456,
    ]);
  });

  it('leaves digits inside strings and keys alone', () => {
    const value = { '12345678901234567890': 'a "quoted" 12345678901234567890 \\' };
    expect(parseJson(JSON.stringify(value))).toEqual(value);
  });

  it('refuses what JSON refuses', () => {
    expect(() => parseJson('{"a":}')).toThrow(SyntaxError);
  });

  it('reads back what stringifyJson wrote, whatever the value', () => {
    // Between -2^53 and 2^53 a bigint comes back as a number: JSON has one kind of integer.
    const beyondSafe = fc.bigInt().filter((n) => n > 9007199254740991n || n < -9007199254740991n);
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
        beyondSafe,
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(value, (original) => {
        // A double such as 1e20 is written as an integer, and rightly comes back as the bigint it names.
        expect(normalized(parseJson(stringifyJson(original)))).toEqual(normalized(original));
      }),
    );
  });
});

function normalized(value: unknown): unknown {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    return BigInt(String(value).includes('e') ? value : String(value));
  if (Array.isArray(value)) return value.map(normalized);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normalized(item)]));
  return value;
}
