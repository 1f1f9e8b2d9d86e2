import {
  boolean,
  check,
  getDotPath,
  literal,
  nonEmpty,
  nullable,
  nullish,
  type ObjectEntries,
  optional,
  picklist,
  pipe,
  record,
  safeParse,
  strictObject,
  string,
  union,
  variant,
} from 'valibot';
import type { Context } from '../../commands/context/context.js';

export const FORMAT_VERSION = 1;

/** What is in the file. */
export interface ContextsDocument {
  readonly formatVersion: typeof FORMAT_VERSION;
  readonly current?: string | null | undefined;
  readonly contexts: Readonly<Record<string, Context>>;
}

// Every message is our own: valibot's tell what stood there, which may be a password in the wrong place.
const text = pipe(string('must be a text'), nonEmpty('must not be empty'));
const flag = boolean('must be true or false');
/** A misspelt key is refused: it must not drop a guard without a word. */
const only = <const E extends ObjectEntries>(entries: E) =>
  strictObject(entries, ({ expected }) =>
    expected === 'never' ? 'is not known' : expected?.startsWith('"') ? 'is missing' : 'must be a map',
  );

const secret = union(
  [only({ file: text }), only({ env: text }), literal('prompt')],
  'must say where the secret is: { file: PATH }, { env: NAME } or prompt',
);
const tls = only({
  ca: optional(text),
  caPassword: optional(secret),
  certificate: optional(text),
  key: optional(text),
  keyPassword: optional(secret),
  skipHostnameCheck: optional(flag),
});
const sasl = variant(
  'mechanism',
  [
    only({ mechanism: picklist(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']), username: text, password: secret }),
    only({ mechanism: literal('OAUTHBEARER'), tokenCommand: text }),
    only({ mechanism: literal('OAUTHBEARER'), tokenEndpoint: text, clientId: text, clientSecret: secret, scope: optional(text) }),
  ],
  'must be PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER',
);
const parts = only({
  bootstrapServers: optional(text),
  commandConfig: optional(text),
  tls: optional(tls),
  sasl: optional(sasl),
  readOnly: optional(flag),
  confirm: optional(literal('name', "must be 'name'")),
});
const context = pipe(
  parts,
  check(({ commandConfig, tls, sasl }) => commandConfig === undefined || (tls ?? sasl) === undefined, 'has commandConfig, and tls or sasl'),
);
const document = only({
  formatVersion: literal(FORMAT_VERSION, `must be ${FORMAT_VERSION}`),
  current: optional(nullable(text)),
  contexts: nullish(record(text, context, 'must be a map'), {}),
});

/** The document, or what is wrong with it and where, such as `contexts.prod.sasl.password must say where the secret is`. */
export function checkContexts(value: unknown): ContextsDocument | { readonly wrong: string } {
  const { formatVersion } = Object(value) as { readonly formatVersion?: unknown };
  if (typeof formatVersion === 'number' && formatVersion > FORMAT_VERSION) {
    return { wrong: `has format ${formatVersion}, made by a newer kafka-ts; this one reads format ${FORMAT_VERSION}` };
  }
  const { success, output, issues } = safeParse(document, value, { abortEarly: true });
  if (success) return output;
  const [issue] = issues;
  return { wrong: [getDotPath(issue), issue.message].filter(Boolean).join(' ') };
}
