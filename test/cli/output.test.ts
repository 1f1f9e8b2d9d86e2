import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createOutput } from '../../src/cli/output.js';

const terminal = (columns: number) => Object.assign(new Writable(), { isTTY: true, columns });
const progressOn = (stderr: Writable, variables: Readonly<Record<string, string>> = {}) =>
  createOutput({ stdin: {}, stdout: new Writable(), stderr, variables } as unknown as Parameters<typeof createOutput>[0], {
    noColor: false,
  }).progress;

describe('createOutput', () => {
  it('shows progress by a spinner only where the terminal has a width', () => {
    expect(progressOn(terminal(80))).toBe('spinner');
    expect(progressOn(terminal(0))).toBe('line');
  });

  it('shows progress by a line on a dumb terminal, and not at all where nobody looks', () => {
    expect(progressOn(terminal(80), { TERM: 'dumb' })).toBe('line');
    expect(progressOn(terminal(80), { CI: 'true' })).toBe('none');
    expect(progressOn(new Writable())).toBe('none');
  });
});
