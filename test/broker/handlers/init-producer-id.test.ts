import { beforeEach, describe, expect, it } from 'vitest';
import { initProducerIdHandler } from '../../../src/broker/handlers/init-producer-id.js';
import { errorCode } from '../../../src/model/error-code.js';
import { type DataPlane, startDataPlane } from '../data-plane.js';

let node: DataPlane;
beforeEach(async () => {
  node = await startDataPlane();
});
const init = (version: number, fields: { transactionalId?: string; producerId?: bigint; producerEpoch?: number } = {}) =>
  node.ask(initProducerIdHandler, version, { transactionalId: null, transactionTimeoutMs: 60_000, ...fields });

describe('InitProducerId', () => {
  it.each([0, 1, 2, 3, 4, 5])('gives ids, each once, at epoch 0 (version %i)', async (version) => {
    const [first, second] = [await init(version), await init(version)];
    expect(first).toMatchObject({ errorCode: 0, producerEpoch: 0 });
    expect(second.producerId).not.toBe(first.producerId);
  });

  it('gives a new id to a producer that comes with one', async () => {
    const answer = await init(4, { producerId: 5n, producerEpoch: 3 });
    expect(answer).toMatchObject({ errorCode: 0, producerEpoch: 0 });
    expect(answer.producerId).not.toBe(5n);
  });

  it.each([{ producerId: 5n }, { producerEpoch: 3 }, { transactionalId: '' }])('refuses %o', async (fields) => {
    expect(await init(4, fields)).toMatchObject({ errorCode: errorCode('INVALID_REQUEST'), producerId: -1n, producerEpoch: -1 });
  });

  it('offers no transactions, in a way that nobody retries', async () => {
    expect(await init(4, { transactionalId: 't' })).toMatchObject({ errorCode: errorCode('UNSUPPORTED_VERSION'), producerId: -1n });
  });
});
