import { array, looseObject, number, object } from 'valibot';
import { expect, it } from 'vitest';
import { parseJsonText } from '../../src/commands/json-file.js';

const read = (text: string) => parseJsonText('plan.json', 'a plan', text, looseObject({ rows: array(object({ partition: number() })) }));

it.each([
  ['', 'plan.json is not a plan: it is empty'],
  ['{"rows": [\n  {"partition": 1,}\n]}', 'plan.json is not a plan: it is not JSON, at line 2'],
  ['{}', 'plan.json is not a plan: rows is missing'],
  ['{"rows":[{"partition":1},{}]}', 'plan.json is not a plan: rows.1.partition is missing'],
  ['{"rows":[{"partition":"x"}]}', 'plan.json is not a plan: rows.0.partition: Invalid type: Expected number but received "x"'],
])('of %j says what is wrong where', (text, message) => {
  expect(() => read(text)).toThrow(message);
});
