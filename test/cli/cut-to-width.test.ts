import { describe, expect, it } from 'vitest';
import { cutToWidth } from '../../src/cli/cut-to-width.js';

const red = (text: string) => `\u001b[31m${text}\u001b[39m`;

describe('cutToWidth', () => {
  it('leaves a line alone that fits', () => {
    for (const line of ['', 'orders', red('orders')]) expect(cutToWidth(line, 6)).toBe(line);
    expect(cutToWidth('orders', Number.POSITIVE_INFINITY)).toBe('orders');
  });
  it('marks where it cuts', () => {
    expect(cutToWidth('orders', 5)).toBe('orde>');
    expect(cutToWidth('orders', 1)).toBe('>');
  });
  it('keeps colours, and switches off what it has switched on', () => {
    expect(cutToWidth(`a ${red('failed')} b`, 5)).toBe('a \u001b[31mfa>\u001b[39m');
    expect(cutToWidth(`${red('ab')} ${red('cd')}`, 4)).toBe(`${red('ab')} >\u001b[31m\u001b[39m`);
  });
  it('counts wide characters as two columns, and bars as one', () => {
    expect(cutToWidth('日本語', 5)).toBe('日本>');
    expect(cutToWidth('日本語', 4)).toBe('日>');
    expect(cutToWidth('🙂🙂', 3)).toBe('🙂>');
    expect(cutToWidth('██▌', 3)).toBe('██▌');
    expect(cutToWidth('größer', 6)).toBe('größer');
  });
});
