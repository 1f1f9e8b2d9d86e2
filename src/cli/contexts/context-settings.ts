import { existsSync } from 'node:fs';
import type { Context, SecretSource, Setting } from '../../commands/context/context.js';
import type { PathSources } from '../paths.js';
import { configuredTarget, type NamedContext, type Target, type TargetValues } from '../target.js';

type Variables = PathSources['variables'];

/** What a command with these options would use, each with where it comes from. Throws as configuredTarget does. */
export async function effectiveSettings(values: TargetValues, sources: PathSources): Promise<readonly Setting[]> {
  const target = await configuredTarget(values, sources);
  if (target === null) return [plain('context', 'embedded', 'the last resort, as nothing names another cluster')];
  if ('embeddedBy' in target) return [plain('context', 'embedded', target.embeddedBy)];
  return target.context === null ? settingsOfTarget(target, values) : settingsOfContext(target, target.context, sources.variables);
}

function settingsOfTarget({ source, bootstrapServers, properties }: Target, { commandConfig = '' }: TargetValues): readonly Setting[] {
  return [plain('bootstrapServers', bootstrapServers, source), ...settingsOfProperties(properties, commandConfig)];
}

function settingsOfContext(
  { bootstrapServers, properties }: Target,
  { name, context, namedBy, path }: NamedContext,
  variables: Variables,
): readonly Setting[] {
  const { commandConfig } = context;
  const inFile = (setting: string, value: string | undefined): readonly Setting[] =>
    value === undefined ? [] : [plain(setting, value, path)];
  return [
    plain('context', name, namedBy),
    plain('bootstrapServers', bootstrapServers, context.bootstrapServers === undefined ? String(commandConfig) : path),
    ...inFile('commandConfig', commandConfig),
    ...settingsOfProperties(properties, String(commandConfig)),
    ...partsOf(context, path, variables),
    plain('readOnly', String(context.readOnly ?? false), context.readOnly === undefined ? 'default' : path),
    ...inFile('confirm', context.confirm),
  ];
}

/** `tls.ca`, `sasl.password` and their like. */
const partsOf = ({ tls, sasl }: Context, path: string, variables: Variables): readonly Setting[] =>
  Object.entries({ tls, sasl }).flatMap(([part, settings]) => {
    if (settings === undefined) return [];
    const entries = Object.entries(settings) as readonly (readonly [string, string | boolean | SecretSource | undefined])[];
    if (entries.length === 0) return [plain(part, 'trusting public authorities', path)];
    return entries.flatMap(([key, value]) => {
      const setting = `${part}.${key}`;
      if (value === undefined) return [];
      return [isSecret(key, value) ? secret(setting, originOf(value, variables)) : plain(setting, String(value), path)];
    });
  });

const isSecret = (key: string, value: unknown): value is SecretSource =>
  /(?:password|Secret|Password)$/.test(key) && typeof value !== 'boolean';

function originOf(source: SecretSource, variables: Variables): string {
  if (source === 'prompt') return 'asked for at the terminal';
  if ('env' in source) return `environment variable ${source.env}${variables[source.env] ? '' : ' (not set)'}`;
  return `file ${source.file}${existsSync(source.file) ? '' : ' (not there)'}`;
}

/** Of Kafka's properties the ones that are no secret whatever stands there; sasl.jaas.config holds passwords. */
const harmless =
  /^(?:bootstrap\.servers|client\.id|security\.protocol|sasl\.mechanism|ssl\.(?:key|trust)store\.(?:type|location)|ssl\.endpoint\.identification\.algorithm|sasl\.oauthbearer\.(?:token\.endpoint\.url|scope|client\.credentials\.client\.id))$/;

const settingsOfProperties = (properties: ReadonlyMap<string, string>, path: string): readonly Setting[] =>
  [...properties]
    .filter(([name]) => name !== 'bootstrap.servers')
    .map(([name, value]) => (harmless.test(name) ? plain(name, value, path) : secret(name, path)));

const plain = (setting: string, value: string, origin: string): Setting => ({ setting, value, sensitive: false, origin });
const secret = (setting: string, origin: string): Setting => ({ setting, value: null, sensitive: true, origin });
