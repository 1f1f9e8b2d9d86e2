import { describe, expect, it } from 'vitest';
import { errorMessage, failureMessages, failuresIn, hintOfFailures } from '../../src/cli/messages.js';
import { failure } from '../../src/model/error-code.js';
import { AuthenticationError, ConnectionError, KafkaError, UsageError } from '../../src/model/errors.js';

describe('what ended a command', () => {
  it('is said with what to do about it', () => {
    expect(errorMessage(new UsageError('wrong', 'type this'), 0)).toBe('kafka-ts: wrong\n  type this');
    expect(errorMessage(new ConnectionError('nobody there', [], { hint: 'start one' }), 0)).toBe('kafka-ts: nobody there\n  start one');
    expect(errorMessage(new KafkaError('POLICY_VIOLATION', 'no'), 0)).toBe('kafka-ts: no (POLICY_VIOLATION)');
  });
  it('is said with what to check where security does not fit', () => {
    expect(errorMessage(new ConnectionError('away', []), 0)).toBe('kafka-ts: away');
    const untrusted = new ConnectionError('not trusted', [], { problem: 'authority-not-trusted' });
    expect(errorMessage(untrusted, 0)).toMatch(/^kafka-ts: not trusted\n {2}trust its authority: .*ssl\.truststore\.location/);
    expect(errorMessage(new AuthenticationError('who?', { problem: 'credentials-refused' }), 0)).toMatch(/\n {2}check who you are: /);
    expect(errorMessage(new KafkaError('CLUSTER_AUTHORIZATION_FAILED'), 0)).toMatch(/\n {2}an ACL that allows it is missing/);
  });
  it('is said with its stack, and those of its causes, where that is asked for', () => {
    const error = new ConnectionError('away', [], { cause: [new TypeError('first', { cause: new Error('deep') }), new Error('second')] });
    expect(errorMessage(error, 1)).toBe('kafka-ts: away');
    const lines = errorMessage(error, 2)
      .split('\n')
      .filter((line) => !line.startsWith('    at '));
    expect(lines).toEqual(['kafka-ts: away', 'ConnectionError: away', 'TypeError: first', 'Error: deep', 'Error: second']);
  });
});

it('says of rows once that an ACL is missing, and nothing of other failures', () => {
  expect(hintOfFailures([failure('TOPIC_AUTHORIZATION_FAILED'), failure('GROUP_AUTHORIZATION_FAILED')])).toMatch(/^ {2}an ACL/);
  expect(hintOfFailures([failure('UNKNOWN_TOPIC_OR_PARTITION')])).toBeUndefined();
  expect(hintOfFailures([])).toBeUndefined();
});

it('says of rows what can be done about what was changed meanwhile, and about who is out of sync', () => {
  const failures = ['DRIFTED', 'PREFERRED_LEADER_NOT_AVAILABLE', 'DRIFTED'].map((code) => ({ code, message: '', retriable: false }));
  expect(hintOfFailures(failures)?.split('\n')).toEqual([expect.stringMatching(/new plan/), expect.stringMatching(/run it again once/)]);
});

describe('failures of rows', () => {
  it('name a row whose name is blank', () => {
    const rows = ['', ' ', 'orders'].map((name) => ({ name, error: failure('INVALID_TOPIC_EXCEPTION') }));
    expect(failuresIn(rows, { name: (row) => row.name }).map(({ name }) => name)).toEqual(["''", "' '", 'orders']);
  });
  const [gone, denied] = [failure('UNKNOWN_TOPIC_OR_PARTITION', 'gone'), failure('TOPIC_AUTHORIZATION_FAILED', 'denied')];

  it('are said once for all that failed in the same words', () => {
    const failures = [
      { name: 'a', error: gone },
      { name: 'b', error: denied },
      { name: 'c', error: failure('UNKNOWN_TOPIC_OR_PARTITION', 'gone') },
      { name: 'a', error: gone },
    ];
    expect(failureMessages(failures)).toEqual([
      'kafka-ts: a, c: gone (UNKNOWN_TOPIC_OR_PARTITION)',
      'kafka-ts: b: denied (TOPIC_AUTHORIZATION_FAILED)',
    ]);
  });
  it('name so many, and count the rest', () => {
    const failures = ['a', 'b', 'c', 'd'].map((name) => ({ name, error: gone }));
    expect(failureMessages(failures, 2)).toEqual(['kafka-ts: a, b and 2 more: gone (UNKNOWN_TOPIC_OR_PARTITION)']);
    expect(failureMessages(failures, 4)).toEqual(['kafka-ts: a, b, c, d: gone (UNKNOWN_TOPIC_OR_PARTITION)']);
    expect(failureMessages([])).toEqual([]);
  });
});
