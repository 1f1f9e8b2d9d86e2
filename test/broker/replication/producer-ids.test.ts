import { describe, expect, it } from 'vitest';
import { createProducerIds, type ProducerIdsOptions } from '../../../src/broker/replication/producer-ids.js';
import { errorCode } from '../../../src/model/error-code.js';

/** A controller that answers each request by the next of these: where a block of three begins, or an error. */
function controllerOf(...answers: (bigint | Parameters<typeof errorCode>[0])[]) {
  const requests: unknown[] = [];
  const request = async (_api: unknown, body: unknown) => {
    requests.push(body);
    const answer = answers.shift()!;
    return typeof answer === 'bigint'
      ? { throttleTimeMs: 0, errorCode: 0, producerIdStart: answer, producerIdLen: 3 }
      : { throttleTimeMs: 0, errorCode: errorCode(answer), producerIdStart: 0n, producerIdLen: 0 };
  };
  return { requests, controller: { request } as unknown as ProducerIdsOptions['controller'] };
}

describe('createProducerIds', () => {
  it('gives the ids of a block one after the other, then asks for the next block', async () => {
    const { controller, requests } = controllerOf(1000n, 7000n);
    const nextId = createProducerIds({ nodeId: 4, brokerEpoch: () => 9, controller });
    expect(requests).toEqual([]);
    expect([await nextId(), await nextId(), await nextId(), await nextId()]).toEqual([1000n, 1001n, 1002n, 7000n]);
    expect(requests).toEqual([
      { brokerId: 4, brokerEpoch: 9 },
      { brokerId: 4, brokerEpoch: 9 },
    ]);
  });

  it('gives each id once to many that ask at once, and asks for no more blocks than it needs', async () => {
    const { controller, requests } = controllerOf(0n, 10n, 20n);
    const nextId = createProducerIds({ nodeId: 1, brokerEpoch: () => 1, controller });
    const ids = await Promise.all(Array.from({ length: 8 }, nextId));
    expect(ids.toSorted((a, b) => Number(a - b))).toEqual([0n, 1n, 2n, 10n, 11n, 12n, 20n, 21n]);
    expect(requests).toHaveLength(3);
  });

  it('tells producers to try again where the controller gives none, and asks anew', async () => {
    const { controller } = controllerOf('STALE_BROKER_EPOCH', 5n);
    const nextId = createProducerIds({ nodeId: 1, brokerEpoch: () => 1, controller });
    await expect(nextId()).rejects.toMatchObject({ code: 'COORDINATOR_LOAD_IN_PROGRESS', retriable: true });
    expect(await nextId()).toBe(5n);
  });
});
