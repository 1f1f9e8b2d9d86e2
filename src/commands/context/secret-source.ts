import { resolve } from 'node:path';
import { UsageError } from '../../model/errors.js';
import type { SecretSource } from './context.js';

/** `file:PATH`, `env:NAME` or `prompt`. Throws UsageError, which does not repeat the text: it may be the secret itself. */
export function parseSecretSource(text: string, flag: string): SecretSource {
  if (text === 'prompt') return text;
  const [, kind, rest = ''] = /^(file|env):(.+)$/.exec(text) ?? [];
  if (kind === 'file') return { file: resolve(rest) };
  if (kind === 'env') return { env: rest };
  throw new UsageError(`${flag} says where the secret is, and is never the secret itself`, 'file:PATH, env:NAME or prompt');
}
