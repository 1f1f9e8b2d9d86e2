/** A fault that is planted in a copy of the source: a unified diff of one file, with some words on what it does before it. */
export interface Patch {
  readonly name: string;
  /** From the project's root. */
  readonly file: string;
  readonly hunks: readonly { readonly before: string; readonly after: string }[];
}

/** Throws Error where the text is no such diff. */
export function parsePatch(name: string, text: string): Patch {
  const lines = text.split('\n');
  const file = lines.find((line) => line.startsWith('+++ b/'))?.slice('+++ b/'.length);
  if (file === undefined) throw new Error(`${name}: there is no line that begins with +++ b/`);
  const hunks: { before: string; after: string }[] = [];
  let hunk: { before: string[]; after: string[] } | null = null;
  const finish = (): void => {
    if (hunk !== null) hunks.push({ before: hunk.before.join('\n'), after: hunk.after.join('\n') });
  };
  for (const line of lines.slice(lines.findIndex((each) => each.startsWith('@@')))) {
    if (line.startsWith('@@')) {
      finish();
      hunk = { before: [], after: [] };
    } else if (line !== '') {
      if (!line.startsWith('+')) hunk?.before.push(line.slice(1));
      if (!line.startsWith('-')) hunk?.after.push(line.slice(1));
    }
  }
  finish();
  if (hunks.length === 0) throw new Error(`${name}: there is no hunk`);
  return { name, file, hunks };
}

/** Wherever in the file the lines now are. Throws Error where they are not there, or more than once. */
export function applyPatch({ name, file, hunks }: Patch, source: string): string {
  return hunks.reduce((text, { before, after }) => {
    const parts = text.split(before);
    if (parts.length === 2) return parts.join(after);
    const problem = parts.length < 2 ? 'are no longer in' : 'are more than once in';
    throw new Error(`the fault ${name} does not apply: these lines ${problem} ${file}; write the patch anew\n${before}`);
  }, source);
}
