import { describe, expect, it } from 'vitest';
import { VirtualStorage } from '../../src/environment/virtual/disk.js';
import { createWorld } from '../../src/environment/virtual.js';

describe('a world', () => {
  it('shares its time among environments', async () => {
    const world = createWorld(1);
    const [one, two] = [world.createEnvironment('one'), world.createEnvironment('two')];
    const heard: string[] = [];
    one.clock.after(2000, () => heard.push(`one at ${two.clock.monotonicMs()}`));
    two.clock.after(1000, () => heard.push(`two at ${one.clock.monotonicMs()}`));
    const startMs = one.clock.now();
    await world.run(60_000);
    expect(heard).toEqual(['two at 1000', 'one at 2000']);
    expect(two.clock.now() - startMs).toBe(60_000);
  });

  it('gives each life its own randomness, and the same again for the same seed', () => {
    const draw = (seed: number) => {
      const world = createWorld(seed);
      return ['a', 'a', 'b'].map((host) => world.createEnvironment(host).random.uniform());
    };
    expect(new Set(draw(1)).size).toBe(3);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('finishes what is promised, in virtual time', async () => {
    const world = createWorld(1);
    const { clock } = world.createEnvironment('one');
    const later = (delayMs: number, settle: (resolve: (value: string) => void, reject: (error: Error) => void) => void) =>
      world.finish(new Promise<string>((resolve, reject) => clock.after(delayMs, () => settle(resolve, reject))));
    expect(await later(30_000, (resolve) => resolve('done'))).toBe('done');
    await expect(later(1000, (_, reject) => reject(new Error('failed')))).rejects.toThrow('failed');
    await expect(world.finish(new Promise(() => {}))).rejects.toThrow('nothing more will happen');
  });

  it('lets a node come back on the storage of its last life', () => {
    const world = createWorld(1);
    const storage = new VirtualStorage();
    const first = world.createEnvironment('node', { storage });
    first.disk.makeDirectory('/data');
    first.disk.writeFile('/data/file', Buffer.from('kept'));
    first.disk.lock('/data/.lock');
    first.close();
    expect(() => first.disk.readFile('/data/file')).toThrow();
    const second = world.createEnvironment('node', { storage });
    second.disk.lock('/data/.lock');
    expect(Buffer.from(second.disk.readFile('/data/file') ?? []).toString()).toBe('kept');
  });
});
