import { chmodSync, copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { makeDirectory } from '../environment/real/make-directory.js';
import { MachineError } from '../model/errors.js';
import { parseJson, stringifyJson } from '../model/json.js';
import { diskFailure, systemCode } from './disk-failure.js';

/** A JSON file of our own. What it holds carries `formatVersion` as its first key. */
export interface StateFormat<Content> {
  /** The version that this kafka-ts writes. */
  readonly version: number;
  /** One step each: the function at index n makes version n + 2 out of version n + 1. */
  readonly migrations: readonly ((older: Fields) => Fields)[];
  /** Throws SyntaxError, saying what is wrong. */
  readonly parse: (fields: Fields) => Content;
}
export type Fields = Readonly<Record<string, unknown>>;

/**
 * The content, or null where there is no such file. An older format is migrated in place, after a copy as `<file>.v<version>`.
 * Throws MachineError for a newer format (naming both versions) and for a file that isn't ours.
 */
export function readStateFile<Content>(path: string, format: StateFormat<Content>): Content | null {
  const text = readIfThere(path);
  if (text === null) return null;
  const found = parsed(path, () => asFields(parseJson(text)));
  const version = found.formatVersion;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw new MachineError(`${path} is not a file of kafka-ts: it has no formatVersion`, 'move it away');
  }
  if (version > format.version) {
    throw new MachineError(
      `${path} has format ${version}, made by a newer kafka-ts; this one reads up to format ${format.version}`,
      'use the newer kafka-ts',
    );
  }
  if (version === format.version) return parsed(path, () => format.parse(found));
  const content = parsed(path, () =>
    format.parse({ ...format.migrations.slice(version - 1).reduce((fields, step) => step(fields), found), formatVersion: format.version }),
  );
  try {
    copyFileSync(path, `${path}.v${version}`);
  } catch (error) {
    throw diskFailure(error, 'copy', path);
  }
  writeStateFile(path, format, content);
  return content;
}

/** Replaces the file as one step, mode 0600. Throws MachineError. */
export function writeStateFile<Content>(path: string, format: StateFormat<Content>, content: Content): void {
  const temporary = `${path}.tmp`;
  try {
    writeFileSync(temporary, `${stringifyJson({ formatVersion: format.version, ...content }, 2)}\n`, { mode: 0o600, flush: true });
    renameSync(temporary, path);
  } catch (error) {
    throw diskFailure(error, 'write', path);
  }
}

/** Nothing where it is gone already. */
export function removeStateFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw diskFailure(error, 'remove', path);
  }
}

/** A directory for its owner alone, with its parents. Throws MachineError. */
export function makePrivateDirectory(path: string): void {
  try {
    makeDirectory(path);
    // Also where it was there already, made by hand.
    chmodSync(path, 0o700);
  } catch (error) {
    throw diskFailure(error, 'make the directory', path);
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw diskFailure(error, 'read', path);
  }
}

function parsed<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new MachineError(`${path} cannot be read: ${error.message}`, 'move it away', { cause: error });
  }
}

/** Throws SyntaxError for what isn't a JSON object. */
export function asFields(value: unknown, what = 'the file'): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError(`${what} is not an object`);
  return value as Fields;
}

export function stringField(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new SyntaxError(`${name} is not a string`);
  return value;
}

export function integerField(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new SyntaxError(`${name} is not an integer`);
  return value;
}

export function booleanField(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value !== 'boolean') throw new SyntaxError(`${name} is neither true nor false`);
  return value;
}
