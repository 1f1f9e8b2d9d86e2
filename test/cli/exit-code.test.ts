import { describe, expect, it } from 'vitest';
import { exitCodeOfError, exitCodeOfFailures } from '../../src/cli/exit-code.js';
import { type ErrorName, failure } from '../../src/model/error-code.js';
import {
  AuthenticationError,
  ConnectionError,
  KafkaError,
  MachineError,
  ProtocolError,
  TimeoutError,
  UnsupportedVersionError,
  UsageError,
} from '../../src/model/errors.js';

describe('of what ended a command', () => {
  it.each([
    [2, new UsageError('')],
    [4, new AuthenticationError('')],
    [4, new KafkaError('CLUSTER_AUTHORIZATION_FAILED')],
    [3, new ConnectionError('', [])],
    [3, new TimeoutError('')],
    [3, new ProtocolError('')],
    [3, new KafkaError('REQUEST_TIMED_OUT')],
    [1, new KafkaError('POLICY_VIOLATION')],
    [1, new MachineError('')],
    [1, new UnsupportedVersionError('')],
    [70, new TypeError('')],
    [70, 'thrown'],
  ])('%i: %s', (code, error) => expect(exitCodeOfError(error)).toBe(code));
});

describe('of rows that failed', () => {
  const code = (...names: ErrorName[]) => exitCodeOfFailures(names.map((name) => failure(name)));
  it('is a kind of its own only where all are of it', () => {
    expect(code()).toBe(0);
    expect(code('TOPIC_ALREADY_EXISTS')).toBe(1);
    expect(code('TOPIC_AUTHORIZATION_FAILED', 'GROUP_AUTHORIZATION_FAILED')).toBe(4);
    expect(code('TOPIC_AUTHORIZATION_FAILED', 'TOPIC_ALREADY_EXISTS')).toBe(1);
    expect(code('REQUEST_TIMED_OUT', 'NETWORK_EXCEPTION')).toBe(3);
    expect(code('REQUEST_TIMED_OUT', 'TOPIC_AUTHORIZATION_FAILED')).toBe(1);
  });
});
