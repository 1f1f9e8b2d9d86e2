/**
 * JSON with exact int64: a bigint is written as a bare integer, and an integer beyond 2^53 is read as a bigint.
 * (Node 20 has neither JSON.rawJSON nor the reviver's source text.)
 */

/** Keys stand in the order of the object; `indent` is in spaces. */
export function stringifyJson(value: unknown, indent?: number): string {
  let hasLong = false;
  const text = JSON.stringify(
    value,
    (_key, item: unknown) => {
      if (typeof item !== 'bigint') return item;
      // A number that is written as the same digits.
      const number = Number(item);
      if (Number.isSafeInteger(number)) return number;
      hasLong = true;
      return 0;
    },
    indent,
  );
  if (!hasLong) return text;
  const mark = unusedCharacter(text);
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? `${mark}${item}` : item), indent).replace(
    new RegExp(`"${mark}(-?\\d+)"`, 'g'),
    '$1',
  );
}

// Whole strings and whole numbers are matched, so that digits inside a string or a fraction are left alone.
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
const longInteger = /^-?\d{16,}$/;

/** Throws SyntaxError as JSON.parse does. */
export function parseJson(text: string): unknown {
  const mark = unusedCharacter(text);
  const quoted = text.replace(stringOrNumber, (token) =>
    longInteger.test(token) && !Number.isSafeInteger(Number(token)) ? `"${mark}${token}"` : token,
  );
  return JSON.parse(quoted, (_key, item: unknown) => (typeof item === 'string' && item.startsWith(mark) ? BigInt(item.slice(1)) : item));
}

/** A private-use character that `text` holds neither itself nor as an escape, so that a string which begins with it is ours. */
function unusedCharacter(text: string): string {
  const escapes = text.includes('\\u') ? text.toLowerCase() : '';
  for (let code = 0xe000; code <= 0xf8ff; code++) {
    const character = String.fromCharCode(code);
    if (!text.includes(character) && !escapes.includes(`\\u${code.toString(16)}`)) return character;
  }
  throw new SyntaxError('JSON text that uses every private-use character cannot be handled');
}
