import { UsageError } from '../../model/errors.js';
import { type RecordToWrite, recordOfJson } from './json-record.js';

export interface LineFormat {
  readonly json: boolean;
  readonly keySeparator: Uint8Array | null;
  readonly emptyAsNull: boolean;
  /** Of every record, after its own. */
  readonly headers: RecordToWrite['headers'];
}

/** The record that a line stands for. Throws UsageError where it stands for none. */
export function recordOfLine(line: Buffer, { json, keySeparator, emptyAsNull, headers }: LineFormat): RecordToWrite {
  if (json) {
    const record = recordOfJson(line.toString());
    return headers.length === 0 ? record : { ...record, headers: [...record.headers, ...headers] };
  }
  const at = keySeparator === null ? 0 : line.indexOf(keySeparator);
  if (at < 0) throw new UsageError('it has no key separator');
  const value = keySeparator === null ? line : line.subarray(at + keySeparator.length);
  return {
    key: keySeparator === null ? null : line.subarray(0, at),
    value: emptyAsNull && value.length === 0 ? null : value,
    headers,
    timestampMs: null,
  };
}
