const escapes: Readonly<Record<string, string>> = { t: '\t', '0': '\0', '\\': '\\' };

/** What `--key-separator` says, in which `\t` is a tab, which shells do not make one, as in `--format`. */
export const keySeparatorOf = (text: string): string => text.replace(/\\([t0\\])/g, (_, escaped: string) => escapes[escaped] ?? escaped);
