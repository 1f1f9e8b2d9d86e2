import type { DecodedRecord } from '../../admin/reading/read-event.js';
import type { StreamRun } from '../command.js';
import { jsonOfRecord } from './json-record.js';
import { createOutputBuffer } from './output-buffer.js';
import { recordPrinter } from './text-format.js';

export interface RecordSink {
  /** Prints them, at most up to the bound, and resolves when they are handed on: true where no more are wanted. */
  readonly add: (topic: string, partition: number, records: readonly DecodedRecord[]) => Promise<boolean>;
  readonly flush: () => Promise<void>;
  /** How many were taken to be printed. */
  readonly gathered: () => number;
  /** How many were printed. */
  readonly count: () => number;
  /** Nobody reads any more. */
  readonly isBroken: () => boolean;
}

/** Where records are printed, as JSON lines or in a text format. */
export function recordSink(
  { json, format, max }: { readonly json: boolean; readonly format: string; readonly max: number },
  { print, printsToTerminal }: Pick<StreamRun, 'print' | 'printsToTerminal'>,
): RecordSink {
  const buffer = createOutputBuffer();
  const printRecord = recordPrinter(format, printsToTerminal);
  let gathered = 0;
  let printed = 0;
  let isBroken = false;
  const flush = async () => {
    const upTo = gathered;
    isBroken = true;
    await print(buffer.take());
    isBroken = false;
    printed = upTo;
  };
  return {
    add: async (topic, partition, records) => {
      const of = { topic, partition };
      for (const record of records) {
        if (gathered >= max) break;
        gathered++;
        if (json) buffer.addText(plainWhere(printsToTerminal, jsonOfRecord(topic, partition, record)));
        else printRecord(of, record, buffer);
        if (buffer.isFull()) await flush();
      }
      await flush();
      return gathered >= max;
    },
    flush,
    gathered: () => gathered,
    count: () => printed,
    isBroken: () => isBroken,
  };
}

/** JSON escapes the lower control characters; those above ASCII could steer a terminal too. */
const plainWhere = (isTerminal: boolean, json: string): string =>
  isTerminal ? json.replace(/[\u007f-\u009f]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`) : json;
