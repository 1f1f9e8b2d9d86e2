/** A word of a command that somebody pastes, in quotes where a shell would not take it as it is. */
export const shellWord = (word: string): string => (/^[\w.,:/=+@%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
