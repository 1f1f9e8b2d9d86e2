/** A bar in eighths of a character. `share` is of the longest bar, which is `width` characters long; what is not 0 is never invisible. */
export function bar(share: number, width: number): string {
  const bounded = Math.min(1, Math.max(0, share));
  const eighths = bounded === 0 ? 0 : Math.max(1, Math.round(bounded * width * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (parts[eighths % 8] ?? '');
}
const parts = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
