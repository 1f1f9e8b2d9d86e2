import { describe, expect, it } from 'vitest';
import { initProducerId } from '../../src/protocol/messages/init-producer-id.js';
import { waitFor } from '../support/wait-for.js';
import { useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

async function newProducer(broker: number) {
  const ask = () => on.wire.ask(broker, initProducerId, { transactionalId: null, transactionTimeoutMs: 60_000 });
  let answer = await ask();
  // While the broker gets a block of ids from the controller it says COORDINATOR_LOAD_IN_PROGRESS.
  await waitFor(
    async () => {
      if (answer.errorCode === 14) answer = await ask();
      return answer.errorCode !== 14;
    },
    () => `broker ${broker} gets no producer ids`,
    { deadlineMs: 40_000 },
  );
  expect(answer).toMatchObject({ errorCode: 0, producerEpoch: 0 });
  return { id: answer.producerId, epoch: answer.producerEpoch };
}

describe('an idempotent producer', () => {
  it('appends each sequence once, whoever leads and however often it is sent', async () => {
    const [a, b, c] = await on.cast();
    const topic = await on.createTopic([[a, b, c]], { 'min.insync.replicas': 2 });
    const producer = await newProducer(a);
    const send = (broker: number, sequence: number, values: readonly string[]) =>
      on.produce(broker, topic, values, { producer: { ...producer, sequence } });
    expect(await send(a, 0, ['0', '1'])).toMatchObject({ error: 'NONE', baseOffset: 0n });
    expect(await send(a, 0, ['0', '1'])).toMatchObject({ error: 'NONE', baseOffset: 0n });
    expect(await send(a, 3, ['3'])).toMatchObject({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER', baseOffset: -1n });

    // The follower that leads now knows what the leader knew.
    await on.kill(a);
    await on.untilLeads(b, topic);
    expect(await send(b, 0, ['0', '1'])).toMatchObject({ error: 'NONE', baseOffset: 0n });
    expect(await send(b, 3, ['3'])).toMatchObject({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' });
    expect(await send(b, 2, ['2'])).toMatchObject({ error: 'NONE', baseOffset: 2n });

    // So does the one that has come back from being killed.
    await on.restart(a);
    await on.untilInSync(topic, [1, 2, 3]);
    expect(await on.elect('preferred', topic)).toEqual({ 0: 'NONE' });
    await on.untilLeads(a, topic);
    expect(await send(a, 2, ['2'])).toMatchObject({ error: 'NONE', baseOffset: 2n });
    expect(await send(a, 3, ['3'])).toMatchObject({ error: 'NONE', baseOffset: 3n });
    await on.untilRead(a, topic, ['0', '1', '2', '3']);
  });

  it('gets an id that no other has, from whichever broker, also after the controller has moved', async () => {
    const [a, b, c] = await on.cast();
    const before = await Promise.all([a, b, c, a, b, c].map(newProducer));
    await on.kill(c);
    await on.activeController({ not: c });
    const after = await Promise.all([a, b, a, b].map(newProducer));
    const ids = [...before, ...after].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
