import type { DecodedRecord } from '../../admin/reading/read-event.js';
import { UsageError } from '../../model/errors.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import type { OutputBuffer } from './output-buffer.js';

/** Adds one record of a partition to what is printed. */
export type RecordPrinter = (of: TopicPartition, record: DecodedRecord, output: OutputBuffer) => void;
type Part = string | ((record: DecodedRecord, of: TopicPartition) => string | Uint8Array | null);

/** As kcat has them, so that its formats work here. */
const fields: Readonly<Record<string, Part>> = {
  t: (_, { topic }) => topic,
  p: (_, { partition }) => String(partition),
  o: ({ offset }) => String(offset),
  T: ({ timestampMs }) => String(timestampMs),
  k: ({ key }) => key,
  s: ({ value }) => value,
  K: ({ key }) => String(key?.length ?? -1),
  S: ({ value }) => String(value?.length ?? -1),
  h: ({ headers }) => headers.map(({ key, value }) => `${key}=${value === null ? 'NULL' : Buffer.from(value).toString()}`).join(','),
  '%': '%',
};
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', '\\': '\\' };

/**
 * What `--format` says of each record: `%s` its value, `%k` its key, and so on; null is nothing. With `isPlain` control characters in
 * what the cluster holds become escapes, but for line ends and tabs. Throws UsageError.
 */
export function recordPrinter(format: string, isPlain: boolean): RecordPrinter {
  const parts = [...format.matchAll(/%(.?)|\\(.?)|([^%\\]+)/gs)].map(([token, field, escaped, text]): Part => {
    if (text !== undefined) return text;
    const part = field === undefined ? escapes[escaped ?? ''] : fields[field];
    if (part === undefined)
      throw new UsageError(
        `--format: '${token}' stands for nothing`,
        `there are ${Object.keys(fields)
          .map((name) => `%${name}`)
          .join(' ')} and \\n \\t \\r \\0 \\\\`,
      );
    return part;
  });
  const add = (output: OutputBuffer, content: string | Uint8Array) => {
    if (typeof content === 'string') output.addText(isPlain ? steerless(content) : content);
    else if (isPlain) output.addText(steerless(Buffer.from(content).toString()));
    else output.addBytes(content);
  };
  return (of, record, output) => {
    for (const part of parts) {
      const content = typeof part === 'string' ? null : part(record, of);
      if (typeof part === 'string') output.addText(part);
      else if (content !== null) add(output, content);
    }
  };
}

const steerless = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
