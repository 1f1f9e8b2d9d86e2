import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import type { Context, ContextStore, Contexts } from '../../commands/context/context.js';
import { DiskLockedError } from '../../environment/environment.js';
import { createRealEnvironment } from '../../environment/real.js';
import { MachineError, messageOf, UsageError } from '../../model/errors.js';
import { checkContexts, FORMAT_VERSION } from './contexts-schema.js';

/** In the directory of paths.ts. */
export const contextsPath = (configDirectory: string): string => join(configDirectory, 'contexts.yaml');

/**
 * The contexts in a YAML file, which people may edit: what kafka-ts writes leaves their comments and order as they are. The file is for
 * its owner alone, and replaced in one step under a lock.
 */
export function createContextStore(path: string): ContextStore {
  return {
    path,
    read: () => contextsOf(path, read(path)),
    write: (name, context) =>
      change(path, (document) => {
        if (context === null) document.deleteIn(['contexts', name]);
        else document.setIn(['contexts', name], document.createNode(withoutAbsent(context)));
        if (context === null && document.get('current') === name) document.delete('current');
      }),
    setCurrent: (name) => change(path, (document) => (name === null ? document.delete('current') : document.set('current', name))),
  };
}

type YamlDocument = ReturnType<typeof parseDocument>;

function read(path: string): YamlDocument | null {
  if (!existsSync(path)) return null;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new MachineError(`cannot read ${path}: ${messageOf(error)}`, undefined, { cause: error });
  }
  // An error's pretty form quotes the line, in which someone may have put a password.
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error === undefined) return document;
  const line = text.slice(0, error.pos[0]).split('\n').length;
  throw new UsageError(`${path} is not YAML: line ${line}: ${error.code}`);
}

function contextsOf(path: string, document: YamlDocument | null): Contexts {
  if (document === null || document.contents === null) return { current: null, contexts: new Map() };
  const checked = checkContexts(document.toJS());
  if ('wrong' in checked) throw new UsageError(`${path}: ${checked.wrong}`);
  const contexts = Object.entries(checked.contexts).map(([name, context]) => [name, withPathsFrom(dirname(path), context)] as const);
  return { current: checked.current ?? null, contexts: new Map(contexts) };
}

function change(path: string, edit: (document: YamlDocument) => unknown): void {
  const environment = createRealEnvironment();
  const { disk } = environment;
  try {
    disk.makeDirectory(dirname(path));
    const release = disk.lock(join(dirname(path), '.contexts.lock'));
    try {
      const document = read(path);
      contextsOf(path, document);
      const edited = document?.contents ? document : parseDocument(`formatVersion: ${FORMAT_VERSION}\n`);
      edit(edited);
      // What was an empty `{}` would go on in that form, on one line.
      const contexts = edited.get('contexts');
      if (isMap(contexts)) contexts.flow = false;
      // Someone may keep the file elsewhere and have a link to it here.
      const target = existsSync(path) ? realpathSync(path) : path;
      disk.writeFile(target, Buffer.from(edited.toString({ lineWidth: 0 })), { sync: true, mode: 0o600 });
    } finally {
      release();
    }
  } catch (error) {
    if (error instanceof UsageError || error instanceof MachineError) throw error;
    const hint = error instanceof DiskLockedError ? 'another kafka-ts writes it: try again' : undefined;
    throw new MachineError(`cannot write ${path}: ${messageOf(error)}`, hint, { cause: error });
  } finally {
    environment.close();
  }
}

/** Relative paths in the file are relative to the file. */
function withPathsFrom(directory: string, context: Context): Context {
  const { commandConfig, tls, sasl } = context;
  const at = (path: string): string => resolve(directory, path);
  const secretAt = <T extends object>(part: T): T =>
    Object.fromEntries(Object.entries(part).map(([name, value]) => [name, isFile(value) ? { file: at(value.file) } : value])) as T;
  return {
    ...context,
    ...(commandConfig !== undefined && { commandConfig: at(commandConfig) }),
    ...(sasl && { sasl: secretAt(sasl) }),
    ...(tls && {
      tls: {
        ...secretAt(tls),
        ...(tls.ca !== undefined && { ca: at(tls.ca) }),
        ...(tls.certificate !== undefined && { certificate: at(tls.certificate) }),
        ...(tls.key !== undefined && { key: at(tls.key) }),
      },
    }),
  };
}

const isFile = (value: unknown): value is { readonly file: string } => typeof value === 'object' && value !== null && 'file' in value;

/** YAML has no word for what is not there. */
const withoutAbsent = (context: Context): unknown => JSON.parse(JSON.stringify(context));
