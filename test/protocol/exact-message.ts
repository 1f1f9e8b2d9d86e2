import { defaultOf } from '../../src/protocol/defaults.js';
import type { Field, Fields, Message } from '../../src/protocol/schema.js';

/** The same message with every safeInt64 as an int64, so that values beyond 2^53 can be held byte for byte. */
export const exactMessage = (message: Message): Message => ({ ...message, fields: exactFields(message.fields) });

const exactFields = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, exactField(field)]));

function exactField(field: Field): Field {
  switch (field.kind) {
    case 'safeInt64':
      return { ...field, kind: 'int64', options: { ...field.options, default: BigInt(defaultOf(field) as number) } };
    case 'array':
      return { ...field, element: exactField(field.element as Field) };
    case 'struct':
      return { ...field, fields: exactFields(field.fields ?? {}) };
    default:
      return field;
  }
}
