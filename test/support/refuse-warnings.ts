import { afterAll, beforeAll } from 'vitest';

/** A test file that makes Node print a warning fails: a leaked listener, a deprecated call, an experimental feature. */
const warnings: Error[] = [];
const note = (warning: Error) => {
  // kafkajs sets timers in the past, of which Node 24 warns (https://github.com/tulios/kafkajs/issues/1751).
  if (warning.name !== 'TimeoutNegativeWarning') warnings.push(warning);
};

beforeAll(() => {
  process.on('warning', note);
});
afterAll(async () => {
  // Node emits a warning in the turn after the one that caused it.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  if (warnings.length > 0) throw new Error(`warnings: ${warnings.map(({ name, message }) => `${name}: ${message}`).join('; ')}`);
});
