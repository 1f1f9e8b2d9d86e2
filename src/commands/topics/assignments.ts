import { UsageError } from '../../model/errors.js';

/** Kafka's own form: the brokers of each partition with `:` between them, such as `1:2` and `2:3`. Throws UsageError. */
export function parseAssignments(texts: readonly string[]): readonly (readonly number[])[] {
  return texts.map((text) => {
    if (!/^\d+(:\d+)*$/.test(text)) throw new UsageError(`--replica-assignment: '${text}' is not a list of brokers`, 'such as 1:2,2:3,3:1');
    return text.split(':').map(Number);
  });
}
