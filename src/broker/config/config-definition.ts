import { KafkaError } from '../../model/errors.js';

/** Kafka's ConfigDef.Type. */
export type ConfigType = 'BOOLEAN' | 'STRING' | 'SHORT' | 'INT' | 'LONG' | 'DOUBLE' | 'LIST';

/** One config: how its text is read, what it is when nothing is set, and what it is for. */
export interface ConfigDefinition<Value = unknown> {
  readonly type: ConfigType;
  /** As text, in Kafka's own form; null where it has no value. */
  readonly default: string | null;
  /** Throws KafkaError INVALID_CONFIG with Kafka's words. `name` is for the message. */
  readonly parse: (name: string, text: string) => Value;
  readonly documentation: string;
}
export type ConfigValue<Definition> = Definition extends ConfigDefinition<infer Value> ? Value : never;

/** Says what is wrong with a value that was read, or null. */
export type Validator<Value> = (value: Value) => string | null;

/** A ConfigException as Kafka words it. */
export const invalidConfig = (name: string, value: unknown, problem: string): KafkaError =>
  new KafkaError('INVALID_CONFIG', `Invalid value ${value} for configuration ${name}: ${problem}`);

export const boolean = (defaultValue: boolean, documentation: string): ConfigDefinition<boolean> => ({
  type: 'BOOLEAN',
  default: String(defaultValue),
  documentation,
  parse: (name, text) => {
    const word = text.trim().toLowerCase();
    if (word === 'true') return true;
    if (word === 'false') return false;
    throw invalidConfig(name, text, 'Expected value to be either true or false');
  },
});

/** A whole number within Java's range of the type. One beyond 2^53, such as "for ever", keeps its order but not its last digits. */
const wholeNumber =
  (type: 'SHORT' | 'INT' | 'LONG', bits: number) =>
  (defaultValue: number | bigint | null, documentation: string, validate: Validator<number> = () => null): ConfigDefinition<number> => ({
    type,
    default: defaultValue === null ? null : String(defaultValue),
    documentation,
    parse: (name, text) => {
      const digits = text.trim();
      if (!/^[+-]?\d+$/.test(digits) || !fits(digits, bits)) {
        throw invalidConfig(name, text, `Not a number of type ${type}`);
      }
      const value = Number(digits);
      const problem = validate(value);
      if (problem !== null) throw invalidConfig(name, digits, problem);
      return value;
    },
  });
const fits = (digits: string, bits: number): boolean => {
  const value = BigInt(digits.replace('+', ''));
  return value === BigInt.asIntN(bits, value);
};
export const short = wholeNumber('SHORT', 16);
export const int = wholeNumber('INT', 32);
export const long = wholeNumber('LONG', 64);
/** Kafka's "for ever": the default of limits that are off. */
export const LONG_MAX = 9_223_372_036_854_775_807n;
export const INT_MAX = 2_147_483_647;

export const double = (
  defaultValue: number,
  documentation: string,
  validate: Validator<number> = () => null,
): ConfigDefinition<number> => ({
  type: 'DOUBLE',
  default: String(defaultValue),
  documentation,
  parse: (name, text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isNaN(value)) throw invalidConfig(name, text, 'Not a number of type DOUBLE');
    const problem = validate(value);
    if (problem !== null) throw invalidConfig(name, value, problem);
    return value;
  },
});

/** One of the words, or any text where none are given. */
export const string = <Word extends string = string>(
  defaultValue: Word | null,
  documentation: string,
  words?: readonly Word[],
): ConfigDefinition<Word> => ({
  type: 'STRING',
  default: defaultValue,
  documentation,
  parse: (name, text) => {
    const value = text.trim();
    if (words !== undefined && !isOneOf(words, value)) throw invalidConfig(name, value, oneOf(words));
    return value as Word;
  },
});

/** Words between commas, each at most once. */
export const list = <Word extends string = string>(
  defaultValue: string | null,
  documentation: string,
  words?: readonly Word[],
  validate: (name: string, values: readonly Word[]) => void = () => {},
): ConfigDefinition<readonly Word[]> => ({
  type: 'LIST',
  default: defaultValue,
  documentation,
  parse: (name, text) => {
    const values = splitList(text) as readonly Word[];
    for (const value of values) if (words !== undefined && !isOneOf(words, value)) throw invalidConfig(name, value, oneOf(words));
    validate(name, values);
    return values;
  },
});
const isOneOf = <Word extends string>(words: readonly Word[], text: string): text is Word => (words as readonly string[]).includes(text);
const oneOf = (words: readonly string[]): string => `String must be one of: ${words.join(', ')}`;

/** The items of a LIST config; none in an empty text. */
const splitList = (text: string): readonly string[] => (text.trim() === '' ? [] : text.trim().split(/\s*,\s*/));

export const atLeast =
  (least: number): Validator<number> =>
  (value) =>
    value < least ? `Value must be at least ${least}` : null;
export const between =
  (least: number, most: number): Validator<number> =>
  (value) =>
    value < least ? `Value must be at least ${least}` : value > most ? `Value must be no more than ${most}` : null;

/** A value as DescribeConfigs shows it: read by its type and written again. */
export function canonicalText({ type }: ConfigDefinition, text: string): string {
  switch (type) {
    case 'BOOLEAN':
      return text.trim().toLowerCase();
    case 'SHORT':
    case 'INT':
    case 'LONG':
      return String(BigInt(text.trim().replace('+', '')));
    case 'DOUBLE': {
      const value = Number(text);
      return Number.isInteger(value) ? value.toFixed(1) : String(value);
    }
    case 'LIST':
      return splitList(text).join(',');
    case 'STRING':
      return text.trim();
  }
}
