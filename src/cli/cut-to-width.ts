// biome-ignore lint/suspicious/noControlCharactersInRegex: ECMA-48's sequences for colours, which take no room
const colorOrCharacter = /(\u001b\[[\d;]*m)|./gsu;

/** Stands at the right edge of a line that goes on beyond it. */
const CUT = '>';

/**
 * As much of a line as a terminal of so many columns shows without wrapping; all colours stay, so that what was switched on is switched
 * off. Where it depends on the terminal how wide a character is, it counts as two columns.
 */
export function cutToWidth(line: string, columns: number): string {
  // A character is no wider than twice its length.
  if (2 * line.length <= columns) return line;
  let kept = '';
  let width = 0;
  /** Where to cut, should the line be too long: the mark needs a column. */
  let atCut = '';
  let colorsAfter = '';
  for (const [text, color] of line.matchAll(colorOrCharacter)) {
    kept += text;
    if (color !== undefined) colorsAfter += color;
    else width += widthOf(text);
    if (color === undefined && width < columns) {
      atCut = kept;
      colorsAfter = '';
    }
  }
  return width <= columns ? line : `${atCut}${CUT}${colorsAfter}`;
}

const FIRST_WIDE = 0x1100;

/** Up to Hangul all scripts are narrow; so are the blocks that bars are made of. */
function widthOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return code < FIRST_WIDE || (code >= 0x2500 && code <= 0x259f) ? 1 : 2;
}
