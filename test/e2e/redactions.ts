/**
 * The closed list of what differs from run to run and is therefore shown by a name. Nothing else is ever hidden: counts, replicas,
 * leaders, offsets, error codes and messages stand in the scripts as they are.
 *
 * Each kind matches whole tokens only. A binding kind numbers its values in the order in which a script first shows them, so that the
 * same value reads as the same name everywhere in the script (`<id1>` in a create and in the describe after it) and two values never do.
 */
interface Redaction {
  readonly kind: string;
  /** The first group is the value; what the pattern matches around it is kept. */
  readonly pattern: RegExp;
  readonly binding: boolean;
  /** Whether a value that was seen once is replaced wherever it stands as a token of its own. */
  readonly everywhere?: true;
}

const redactions: readonly Redaction[] = [
  // A topic id or cluster id: 16 bytes as base64url, whose last character carries two bits. Plain lower-case words are names.
  { kind: 'id', pattern: /(?<![\w.-])(?![a-z-]{22}(?![\w-]))([\w-]{21}[AQgw])(?![\w-]|\.\w)/g, binding: true },
  // A port beyond the reserved ones after a loopback host, in `"port":`, and after the word.
  {
    kind: 'port',
    pattern: /(?:(?<![\w.])(?:127\.0\.0\.1|localhost|\[::1\]):|"port": ?|\bport )(\d{4,5})(?![\w.]*\w)/g,
    binding: true,
    everywhere: true,
  },
  { kind: 'pid', pattern: /(?:"pid": ?|\bpid )(\d+)(?!\w)/g, binding: true, everywhere: true },
  // Instants: ISO 8601 with its punctuation or, in file names, without. Two that are equal by chance would bind by chance.
  { kind: 'time', pattern: /(?<!\w)(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z|20\d{6}T\d{6}(?:\d{3})?Z)(?!\w)/g, binding: false },
  // A duration that was measured: milliseconds with a fraction. Limits and settings are printed without one.
  { kind: 'duration', pattern: /(?<![\w.])(\d+\.\d+) ms(?!\w)/g, binding: false },
];

/** Values that the runner itself chose, such as the script's directory; shown as `<name>`. */
export type KnownValues = Readonly<Record<string, string>>;

/** One per script: it remembers which value got which name. */
export class Redactor {
  readonly #known: readonly (readonly [pattern: RegExp, name: string])[];
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  constructor(known: KnownValues) {
    this.#known = Object.entries(known)
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([name, value]) => [token(value), `<${name}>`]);
  }

  redact(text: string): string {
    let shown = text;
    for (const [pattern, name] of this.#known) shown = shown.replace(pattern, name);
    for (const { kind, pattern, binding, everywhere } of redactions) {
      shown = shown.replace(pattern, (match, value: string) => match.replace(value, binding ? this.#nameOf(kind, value) : `<${kind}>`));
      if (everywhere) shown = this.#replaceSeen(kind, shown);
    }
    return shown;
  }

  #nameOf(kind: string, value: string): string {
    const key = `${kind} ${value}`;
    let name = this.#names.get(key);
    if (name === undefined) {
      const count = (this.#counts.get(kind) ?? 0) + 1;
      this.#counts.set(kind, count);
      name = `<${kind}${count}>`;
      this.#names.set(key, name);
    }
    return name;
  }

  #replaceSeen(kind: string, text: string): string {
    let shown = text;
    for (const [key, name] of this.#names) if (key.startsWith(`${kind} `)) shown = shown.replace(token(key.slice(kind.length + 1)), name);
    return shown;
  }
}

/** `value` where no word goes on to its left or right. */
function token(value: string): RegExp {
  return new RegExp(`(?<![\\w.-])${value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![\\w-]|\\.\\w)`, 'g');
}
