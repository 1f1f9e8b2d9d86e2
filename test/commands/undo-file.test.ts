import { expect, it } from 'vitest';
import { refuseOtherUndo } from '../../src/commands/undo-file.js';
import { UsageError } from '../../src/model/errors.js';

const refusal = (content: unknown): unknown => {
  try {
    refuseOtherUndo('undo.json', 'an undo file of leaders', JSON.stringify(content), ['leaders balance']);
    return null;
  } catch (error) {
    return error;
  }
};
const rows = (...commands: readonly string[]) => commands.map((command) => ({ name: 'x', command }));

it('of other commands is refused with what takes it back', () => {
  const error = refusal({
    command: 'brokers alter',
    rows: rows('kafka-ts brokers alter 3 --delete-config a', 'kafka-ts brokers alter 4 --config a=1'),
  });
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({
    message: 'undo.json is not an undo file of leaders, but the undo file of brokers alter',
    hint: 'to take it back, run kafka-ts brokers alter 3 --delete-config a; kafka-ts brokers alter 4 --config a=1',
  });
});

it('of many rows names the first commands, each once', () => {
  expect(refusal({ command: 'topics alter', rows: rows('a', 'a', 'b', 'c', 'd', 'e') })).toMatchObject({
    hint: 'to take it back, run a; b; c, and what its other 2 rows name',
  });
});

it('of the commands that are wanted, and what is no undo file, is left to be read', () => {
  expect(refusal({ command: 'leaders balance', rows: rows('a') })).toBeNull();
  expect(refusal({ formatVersion: 1 })).toBeNull();
  expect(refusal([1])).toBeNull();
});
