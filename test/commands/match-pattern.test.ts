import { expect, it } from 'vitest';
import { matchesPattern } from '../../src/commands/match-pattern.js';

it.each([
  ['orders', 'orders', true],
  ['orders', 'order', false],
  ['orders-eu', 'orders-*', true],
  ['orders', 'orders-*', false],
  ['orders', '*', true],
  ['orders', 'o?d*s', true],
  ['orders.eu', 'orders?eu', true],
  ['orders-eu', 'orders.eu', false],
  ['a+b', 'a+b', true],
  ['aab', 'a+b', false],
  ['(x)', '(x)', true],
  ['', '*', true],
])('%j fits %j: %s', (name, pattern, expected) => expect(matchesPattern(name, pattern)).toBe(expected));
