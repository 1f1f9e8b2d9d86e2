import { expect, it } from 'vitest';
import { errorCode, errorName, failure, failureOf, isRetriable, kafkaFailure } from '../../src/model/error-code.js';

it('names codes as Kafka does, and an unknown one UNKNOWN_SERVER_ERROR', () => {
  expect(errorName(3)).toBe('UNKNOWN_TOPIC_OR_PARTITION');
  expect(errorCode('UNKNOWN_TOPIC_OR_PARTITION')).toBe(3);
  expect(errorName(32000)).toBe('UNKNOWN_SERVER_ERROR');
});

it('knows which errors a retry may help', () => {
  expect(isRetriable(errorCode('NOT_CONTROLLER'))).toBe(true);
  expect(isRetriable(errorCode('TOPIC_ALREADY_EXISTS'))).toBe(false);
});

it("takes the broker's message, and Kafka's own where there is none", () => {
  expect(failureOf(0)).toBeNull();
  expect(failureOf(36, "Topic 'orders' already exists.")).toEqual({
    code: 'TOPIC_ALREADY_EXISTS',
    message: "Topic 'orders' already exists.",
    retriable: false,
  });
  expect(failure('TOPIC_ALREADY_EXISTS', null).message).toBe('Topic with this name already exists.');
});

it('says in plain words what Kafka words for programs, whoever worded it', () => {
  const inKafkasWords = kafkaFailure('UNKNOWN_TOPIC_OR_PARTITION');
  expect(inKafkasWords.message).toBe('This server does not host this topic-partition.');
  for (const sent of [null, inKafkasWords.message])
    expect(failureOf(3, sent)).toEqual({ ...inKafkasWords, message: 'There is no such topic or partition.' });
  expect(failureOf(3, 'Gone.')?.message).toBe('Gone.');
});

it('keeps from people how a request looks inside the controller', () => {
  const dump = 'Request Request(processor=2, connectionId=127.0.0.1:1-127.0.0.1:2-0, session=...) is not authorized.';
  expect(failure('CLUSTER_AUTHORIZATION_FAILED', dump).message).toBe('Cluster authorization failed.');
  expect(failure('CLUSTER_AUTHORIZATION_FAILED', 'No.').message).toBe('No.');
});
