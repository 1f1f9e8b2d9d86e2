import { UsageError } from '../model/errors.js';

const DEFAULT_INSTANCE_NAME = 'default';

const legalName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * Which embedded cluster is meant: `--name`, else KAFKA_TS_EMBEDDED_NAME, else `default`. The name is a directory's name too,
 * so only what is safe as one is taken. Throws UsageError, naming where the name came from.
 */
export function instanceName(option: string | undefined, variables: Readonly<Record<string, string | undefined>>): string {
  const [name, source] =
    option !== undefined ? [option, '--name'] : [variables.KAFKA_TS_EMBEDDED_NAME || DEFAULT_INSTANCE_NAME, 'KAFKA_TS_EMBEDDED_NAME'];
  if (legalName.test(name)) return name;
  throw new UsageError(
    `${source}: '${name}' cannot name an embedded cluster`,
    "letters, digits, '.', '_' and '-', beginning with a letter or digit, at most 64",
  );
}
