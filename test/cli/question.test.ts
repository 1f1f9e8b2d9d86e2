import { describe, expect, it } from 'vitest';
import { type QuestionInput, questionFor } from '../../src/cli/question.js';
import type { Danger } from '../../src/commands/command.js';

const ask = (danger: Danger, input: Partial<QuestionInput> = {}) =>
  questionFor({
    path: 'topics delete',
    names: ['a', 'b', 'c'],
    danger,
    isSelection: false,
    confirmsName: false,
    isInteractive: true,
    yes: false,
    confirm: undefined,
    ...input,
  });

describe('at a terminal', () => {
  it('cannot ask where the input is taken', () => {
    const taken = { names: ['orders'], confirmsName: true, isInputTaken: true };
    expect(() => ask('mild', taken)).toThrow('the input is for the records');
    expect(ask('mild', { ...taken, confirm: 'orders' })).toEqual({ kind: 'none' });
    expect(ask('mild', { ...taken, isInputTaken: false })).toEqual({ kind: 'typed', expected: 'orders' });
  });
  it('asks by how dangerous the plan is', () => {
    expect(ask('mild')).toEqual({ kind: 'none' });
    expect(ask('moderate')).toEqual({ kind: 'yes-or-no' });
    expect(ask('severe')).toEqual({ kind: 'typed', expected: 'delete 3 topics' });
    expect(ask('severe', { names: ['orders'] })).toEqual({ kind: 'typed', expected: 'orders' });
  });
  it('takes --yes, but not for severe changes of what a pattern found', () => {
    expect(ask('moderate', { yes: true })).toEqual({ kind: 'none' });
    expect(ask('severe', { yes: true })).toEqual({ kind: 'none' });
    expect(ask('moderate', { yes: true, isSelection: true })).toEqual({ kind: 'none' });
    expect(ask('severe', { yes: true, isSelection: true })).toEqual({ kind: 'typed', expected: 'delete 3 topics' });
  });
});

describe('in a context that wants the name', () => {
  const guarded = { confirmsName: true };
  it('asks for it, however mild the change, and --yes is not enough', () => {
    expect(ask('mild', { ...guarded, names: ['orders'] })).toEqual({ kind: 'typed', expected: 'orders' });
    expect(ask('moderate', { ...guarded, yes: true })).toEqual({ kind: 'typed', expected: 'delete 3 topics' });
  });
  it('takes --confirm without a terminal, and names it where it lacks', () => {
    const alone = { ...guarded, isInteractive: false, yes: true, names: ['orders'] };
    expect(ask('mild', { ...alone, confirm: 'orders' })).toEqual({ kind: 'none' });
    expect(() => ask('mild', alone)).toThrow(expect.objectContaining({ hint: "pass --confirm 'orders'" }));
    expect(() => ask('mild', { ...alone, confirm: 'order' })).toThrow("--confirm is 'order', and this needs 'orders'");
  });
});

describe('without a terminal', () => {
  const alone = { isInteractive: false };
  it('runs what is mild, and names the flag that the rest needs', () => {
    expect(ask('mild', alone)).toEqual({ kind: 'none' });
    expect(() => ask('moderate', alone)).toThrow(expect.objectContaining({ hint: expect.stringContaining('--yes') }));
    expect(() => ask('severe', alone)).toThrow(expect.objectContaining({ hint: expect.stringContaining('--yes') }));
  });
  it('wants the text for severe changes of what a pattern found', () => {
    const input = { ...alone, isSelection: true, yes: true };
    expect(() => ask('severe', input)).toThrow(expect.objectContaining({ hint: "pass --confirm 'delete 3 topics'" }));
    expect(ask('severe', { ...input, confirm: 'delete 3 topics' })).toEqual({ kind: 'none' });
  });
  it('refuses a text that is another, whatever the danger', () => {
    for (const danger of ['mild', 'moderate', 'severe'] as const) {
      expect(() => ask(danger, { ...alone, yes: true, confirm: 'delete 4 topics' })).toThrow("this needs 'delete 3 topics'");
    }
  });
});
