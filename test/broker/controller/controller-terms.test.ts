import { describe, expect, it } from 'vitest';
import { type Controller, openController } from '../../../src/broker/controller/controller.js';
import { clusterId, createQuorumWorld, topic } from './raft/quorum-world.js';

/** Three voters, each with a controller. */
async function controllers() {
  const opened = new Map<number, Promise<Controller>>();
  const cluster = createQuorumWorld('terms', {
    voters: 3,
    onStart: ({ id, environment }, quorum) => {
      if (environment !== undefined) {
        opened.set(id, openController({ nodeId: id, clusterId, environment, quorum, staticConfigs: new Map() }));
      }
      return quorum;
    },
  });
  await cluster.startAll();
  const controller = (id: number) => opened.get(id) as Promise<Controller>;
  const isActive = async (id: number): Promise<boolean> => {
    try {
      (await controller(id)).checkActive();
      return true;
    } catch {
      return false;
    }
  };
  /** The id of the active one, once there is one among those. */
  const active = async (...ids: readonly number[]): Promise<number> => {
    for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 20) {
      for (const id of ids) if (await isActive(id)) return id;
      await cluster.world.run(20);
    }
    throw new Error(`none of ${ids} is active`);
  };
  const create = async (id: number, name: string) =>
    (await controller(id)).write(({ image }) => ({ records: [topic(name)], response: [...image.topics.byName.keys()] }));
  const topicsAt = async (id: number) =>
    cluster.world.finish((await controller(id)).write(({ image }) => ({ records: [], response: [...image.topics.byName.keys()] })));
  return { cluster, active, isActive, create, topicsAt };
}

describe('a controller', () => {
  it('is active on one node alone, and the next one knows what was committed', async () => {
    const { cluster, active, isActive, create, topicsAt } = await controllers();
    let expected: readonly string[] = [];
    // Any number of elections.
    for (let term = 0; term < 4; term++) {
      const id = await active(1, 2, 3);
      const others = await Promise.all([1, 2, 3].filter((other) => other !== id).map(isActive));
      expect(others).toEqual([false, false]);
      expect(await topicsAt(id)).toEqual(expected);
      await cluster.world.finish(create(id, `t${term}`));
      expected = [...expected, `t${term}`];
      cluster.kill(id);
      await cluster.world.runUntil(() => cluster.leader() !== undefined, 10_000);
      await cluster.world.finish(cluster.start(id));
      await cluster.world.runUntil(cluster.isSettled, 10_000);
    }
  });

  it('fails who waits where it is deposed, and has nothing of it when it is elected again', async () => {
    const { cluster, active, isActive, create, topicsAt } = await controllers();
    const first = await active(1, 2, 3);
    await cluster.world.finish(create(first, 'kept'));
    cluster.isolate(first);
    const waiting = Promise.allSettled([create(first, 'lost'), create(first, 'lost too')]);
    const refused = { status: 'rejected', reason: { code: 'NOT_CONTROLLER' } };
    expect(await cluster.world.finish(waiting)).toMatchObject([refused, refused]);
    expect(await isActive(first)).toBe(false);
    const others = [1, 2, 3].filter((id) => id !== first);
    const second = await active(...others);
    await cluster.world.finish(create(second, 'since'));
    cluster.heal();
    await cluster.world.runUntil(cluster.isSettled, 10_000);
    cluster.kill(second);
    const third = await active(...[1, 2, 3].filter((id) => id !== second));
    expect(await topicsAt(third)).toEqual(['kept', 'since']);
  });
});
