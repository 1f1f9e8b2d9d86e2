/** Whether a name fits a pattern in which `*` stands for any characters and `?` for one. All else is itself. */
export function matchesPattern(name: string, pattern: string): boolean {
  const expression = pattern.replace(/[.*+?^${}()|[\]\\]/g, (character) => ({ '*': '.*', '?': '.' })[character] ?? `\\${character}`);
  return new RegExp(`^${expression}$`, 's').test(name);
}
