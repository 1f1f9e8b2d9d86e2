import type { Field } from './schema.js';
import { includesVersion } from './versions.js';

/** The wire format of one version of a message: `isFlexible` is KIP-482's compact lengths and tagged fields. */
export interface Format {
  readonly version: number;
  readonly isFlexible: boolean;
}

/** Kafka's limit on every string, whichever way its length is written. */
export const maxStringBytes = 0x7fff;

export const isPresentIn = ({ versions }: Field, { version }: Format): boolean => includesVersion(versions, version);

export const isNullableIn = ({ options: { nullable } }: Field, { version }: Format): boolean =>
  nullable !== undefined && includesVersion(nullable, version);

export const isTagged = ({ options: { tag } }: Field): boolean => tag !== undefined;

/** Whether the length is a varint, one more than the true length so that 0 is null; else an int16 or int32, -1 for null. */
export const isCompactIn = ({ options: { inflexible } }: Field, { isFlexible }: Format): boolean => isFlexible && inflexible !== true;
