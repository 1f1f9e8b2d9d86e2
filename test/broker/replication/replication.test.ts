import { describe, expect, it } from 'vitest';
import { startReplication } from '../replicated-data-plane.js';

describe('replication', () => {
  it('copies what the leader appends, and tells the high watermark', async () => {
    const { world, node, createTopic, until } = await startReplication();
    createTopic('orders', [[1, 2, 3]]);
    await world.run(10);
    expect(await world.finish(node(1).produce(['a', 'b']))).toEqual({ error: null, baseOffset: 0n });
    expect(await world.finish(node(1).produce(['c']))).toEqual({ error: null, baseOffset: 2n });
    await until(() => [1, 2, 3].every((id) => node(id).partition().highWatermark === 3n));
    for (const id of [1, 2, 3]) expect(node(id).values()).toEqual(['a', 'b', 'c']);
  });
});
