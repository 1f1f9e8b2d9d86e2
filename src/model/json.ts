/**
 * JSON with exact int64: a bigint is written as a bare integer, and an integer beyond 2^53 is read as a bigint.
 * (Node 20 has neither JSON.rawJSON nor the reviver's source text.)
 */

/** As JSON.stringify, but for bigint. `indent` is in spaces. */
export function stringifyJson(value: unknown, indent = 0): string {
  const space = indent > 0 ? ' ' : '';
  // Of many thousand rows all have the same keys.
  const quotedKeys = new Map<string, string>();
  const quotedKey = (key: string): string => {
    let quoted = quotedKeys.get(key);
    if (quoted === undefined) {
      quoted = `${JSON.stringify(key)}:${space}`;
      quotedKeys.set(key, quoted);
    }
    return quoted;
  };
  const step = ' '.repeat(indent);
  /** What stands on a line of its own each, if anything does; `lineStart` is where the brackets stand. */
  const bracketed = (items: readonly string[], brackets: readonly [string, string], lineStart: string): string => {
    const [open, close] = brackets;
    if (items.length === 0) return open + close;
    if (indent === 0) return open + items.join(',') + close;
    return open + lineStart + step + items.join(`,${lineStart}${step}`) + lineStart + close;
  };
  /** Undefined where JSON leaves the value out. */
  const textOf = (item: unknown, lineStart: string): string | undefined => {
    switch (typeof item) {
      case 'string':
        return JSON.stringify(item);
      case 'number':
        return Number.isFinite(item) ? String(item) : 'null';
      case 'bigint':
      case 'boolean':
        return String(item);
      case 'object': {
        if (item === null) return 'null';
        if ('toJSON' in item && typeof item.toJSON === 'function') return textOf(item.toJSON(), lineStart);
        const innerStart = lineStart + step;
        if (Array.isArray(item)) {
          return bracketed(
            item.map((element: unknown) => textOf(element, innerStart) ?? 'null'),
            ['[', ']'],
            lineStart,
          );
        }
        const members: string[] = [];
        for (const [key, member] of Object.entries(item)) {
          const text = textOf(member, innerStart);
          if (text !== undefined) members.push(quotedKey(key) + text);
        }
        return bracketed(members, ['{', '}'], lineStart);
      }
      default:
        return undefined;
    }
  };
  return textOf(value, '\n') ?? 'null';
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
