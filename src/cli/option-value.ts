import type { OptionSpec } from '../commands/option.js';
import { UsageError } from '../model/errors.js';
import type { LogPosition } from '../model/log-position.js';

const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const sizeUnits: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
};

/** What an option has when it does not stand on the command line. */
export function absentValue({ type }: OptionSpec): unknown {
  if (type === 'boolean') return false;
  if (type === 'count') return 0;
  if (type === 'list') return [];
  if (type === 'pairs') return new Map();
  return undefined;
}

/**
 * The typed value of an option's text; `previous` is the value of the times before, for options that repeat.
 * `now` is in milliseconds since the epoch. Throws UsageError, whose message says what is wanted.
 */
export function parseOptionValue(spec: OptionSpec, text: string, previous: unknown, now: number): unknown {
  switch (spec.type) {
    case 'integer':
      return parseInteger(text, spec.min ?? 0, spec.max ?? Number.MAX_SAFE_INTEGER);
    case 'duration':
      return parseDuration(text);
    case 'time':
      return parseTime(text, now);
    case 'position':
      return parsePosition(text, now);
    case 'size':
      return parseSize(text);
    case 'choice':
      if (!spec.choices.includes(text)) throw new UsageError(`Choose one of ${spec.choices.join(', ')}.`);
      return text;
    case 'list':
      return [...((previous ?? []) as readonly string[]), ...(spec.split === false ? [text] : parseList(text))];
    case 'pairs':
      return parsePair(text, spec.example ?? 'retention.ms=86400000', (previous ?? new Map()) as ReadonlyMap<string, string>);
    default:
      return text;
  }
}

/** A name that was left out, as by a variable of a shell that is empty, is no wish for fewer of them, or for all. */
function parseList(text: string): readonly string[] {
  const items = text.split(',');
  if (items.includes('')) throw new UsageError(items.length === 1 ? 'It must not be empty.' : 'Nothing stands beside a comma.');
  return items;
}

function parseInteger(text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text)) throw new UsageError('A whole number is wanted.');
  if (value < min) throw new UsageError(`It must be at least ${min}.`);
  if (value > max) throw new UsageError(`It must be at most ${max}.`);
  return value;
}

/** ISO 8601, as Kafka's tools take a duration: `P1DT2H`, without years and months. */
const ISO_DURATION = /^P(?=.*\d[DHMS]$)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Milliseconds. */
function parseDuration(text: string): number {
  const iso = ISO_DURATION.exec(text);
  if (iso !== null) {
    const [, days = 0, hours = 0, minutes = 0, seconds = 0] = iso;
    return Math.round((((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000);
  }
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? [];
  const factor = durationUnits[unit];
  if (digits === undefined || factor === undefined) throw new UsageError('A duration is wanted, such as 500ms, 30s, 5m, 2h or 7d.');
  return Math.round(Number(digits) * factor);
}

/** Milliseconds since the epoch. Where no zone is named it is UTC, as for Kafka's tools, and not that of whoever asks. */
function parseTime(text: string, now: number): number {
  if (text === 'now') return now;
  if (/^\d+$/.test(text)) return parseInteger(text, 0, Number.MAX_SAFE_INTEGER);
  if (/^-\d+(\.\d+)?[a-z]+$/.test(text)) return now - parseDuration(text.slice(1));
  const [, date, time, zone = 'Z'] = /^(\d{4}-\d{2}-\d{2})(?:(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text) ?? [];
  const value = date === undefined ? Number.NaN : Date.parse(time === undefined ? date : `${date}${time}${zone}`);
  if (Number.isNaN(value))
    throw new UsageError('A time is wanted, such as 2026-01-31T12:00:00Z, -2h, now or milliseconds since the epoch.');
  return value;
}

function parsePosition(text: string, now: number): LogPosition {
  if (text === 'earliest' || text === 'latest') return { kind: text };
  if (/^\d+$/.test(text)) return { kind: 'offset', offset: parseOffset(text) };
  if (/^-\d+$/.test(text)) return { kind: 'last', count: parseOffset(text.slice(1)) };
  try {
    return { kind: 'time', atMs: parseTime(text.replace(/^@(?=\d+$)/, ''), now) };
  } catch {
    throw new UsageError(
      'Wanted is earliest, latest, an offset, -10 for the last ten, or a time: 2026-01-31T12:00:00Z, -2h or @1769860800000.',
    );
  }
}

function parseOffset(text: string): bigint {
  const offset = BigInt(text);
  if (offset >= 2n ** 63n) throw new UsageError('It is beyond any offset.');
  return offset;
}

/** Bytes. */
function parseSize(text: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text) ?? [];
  const factor = sizeUnits[unit];
  if (digits === undefined || factor === undefined) throw new UsageError('A size is wanted, such as 512, 10KiB, 10MiB or 1GiB.');
  return Math.round(Number(digits) * factor);
}

function parsePair(text: string, example: string, previous: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const equals = text.indexOf('=');
  const name = text.slice(0, equals).trim();
  if (equals < 0 || name === '') throw new UsageError(`NAME=VALUE is wanted, such as ${example}.`);
  if (previous.has(name)) throw new UsageError(`${name} is given twice.`);
  return new Map([...previous, [name, text.slice(equals + 1)]]);
}
