/**
 * @typedef {object} Import
 * @property {string} specifier As written.
 * @property {'static' | 'dynamic' | 'type'} kind `type` leaves nothing at run time; `dynamic` is an `import()`.
 * @property {readonly string[]} names What is taken from the module by name.
 * @property {string | undefined} namespace What the whole module is called here.
 * @property {number} line From 1.
 */

const commentOrString = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g;
const importStatement = /^[ \t]*(import|export)\s+(type\s+)?(?:([\w$*{}\s,]+?)\s*from\s*)?'([^'\n]+)'/gm;
const importCall = /\bimport\(\s*'([^'\n]+)'\s*\)/g;

/** The source with comments as blanks, so that lines stay where they are. */
const withoutComments = (source) => source.replace(commentOrString, (match) => (match.startsWith('/') ? blank(match) : match));

/** The source with comments and the contents of quoted strings as blanks. Template literals stay: code may stand in them. */
export const codeOf = (source) => source.replace(commentOrString, blank);

/** What a TypeScript source imports and re-exports, in the order of its lines. @returns {Import[]} */
export function importsOf(source) {
  const text = withoutComments(source);
  const found = [];
  for (const { index, 0: match, 1: keyword, 2: type, 3: clause, 4: specifier } of text.matchAll(importStatement)) {
    if (keyword === 'export' && clause === undefined) continue;
    const { names, namespace } = takenBy(clause ?? '');
    const isType = type !== undefined || (names.length > 0 && names.every((name) => name.startsWith('type ')));
    const kind = isType ? 'type' : 'static';
    found.push({ index: index + match.length, specifier, kind, names: names.map((name) => name.replace(/^type /, '')), namespace });
  }
  for (const { index, 1: specifier } of text.matchAll(importCall)) {
    // `typeof import('x')` and `import('x').Type` in a type name a type alone; only an awaited or chained call loads.
    const kind = /\btypeof\s+$/.test(text.slice(0, index)) ? 'type' : 'dynamic';
    found.push({ index, specifier, kind, names: [], namespace: undefined });
  }
  return found.sort((a, b) => a.index - b.index).map(({ index, ...rest }) => ({ ...rest, line: lineAt(text, index) }));
}

export const lineAt = (text, index) => text.slice(0, index).split('\n').length;

const blank = (match) => match.replace(/[^\n]/g, ' ');

function takenBy(clause) {
  const braces = /\{([^}]*)\}/.exec(clause)?.[1] ?? '';
  const names = braces.split(',').map((name) => name.trim().replace(/\s+as\s+.*$/, ''));
  const [, namespace] = /^\s*(?:\*\s*as\s+)?([\w$]+)/.exec(clause) ?? [];
  return { names: names.filter((name) => name !== ''), namespace };
}
