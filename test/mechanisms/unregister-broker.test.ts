import { describe, expect, it } from 'vitest';
import { errorName } from '../../src/model/error-code.js';
import { unregisterBroker } from '../../src/protocol/messages/unregister-broker.js';
import { waitFor } from '../support/wait-for.js';
import { useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();
const unregister = async (brokerId: number) => {
  const { errorCode } = await on.wire.ask(on.anyone(), unregisterBroker, { brokerId });
  return errorCode === 0 ? 'NONE' : errorName(errorCode);
};

describe('unregistering a broker', () => {
  it('that is gone removes it, until it comes back', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[b, a]]);
    await on.produce(b, topic, ['x']);
    await on.kill(a);
    await on.until(topic, { isr: [b] });
    expect(await unregister(a)).toBe('NONE');
    await waitFor(
      async () => (await on.describeCluster(b)).fenced.length === 0,
      () => 'the broker is still there',
    );
    expect(await unregister(a)).toBe('BROKER_ID_NOT_REGISTERED');
    expect(await on.partitionOf(topic)).toMatchObject({ leader: b, replicas: [b, a], isr: [b], offline: [a] });
    await on.restart(a);
    await on.untilInSync(topic, [a, b]);
    expect(await on.describeCluster(b)).toEqual({ unfenced: [1, 2, 3], fenced: [] });
  });

  it('that never was is refused', async () => {
    expect(await unregister(9)).toBe('BROKER_ID_NOT_REGISTERED');
  });
});
