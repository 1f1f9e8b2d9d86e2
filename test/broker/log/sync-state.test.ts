import { expect, it } from 'vitest';
import { SyncState } from '../../../src/broker/log/sync-state.js';

/** Syncs that end when they are told to. */
function manualSyncs() {
  const ends: { readonly succeed: () => void; readonly fail: (error: Error) => void }[] = [];
  const sync = () => new Promise<void>((succeed, fail) => ends.push({ succeed, fail }));
  return { sync, ends };
}

it('lets all who ask share one sync until something changes', async () => {
  const { sync, ends } = manualSyncs();
  const state = new SyncState();
  const first = [state.cover(sync), state.cover(sync)];
  expect(ends).toHaveLength(1);
  state.changed();
  const second = state.cover(sync);
  expect(ends).toHaveLength(2);
  ends[0]!.succeed();
  ends[1]!.succeed();
  await Promise.all([...first, second, state.cover(sync)]);
  expect(ends).toHaveLength(2);
});

it('tries again after a failure', async () => {
  const { sync, ends } = manualSyncs();
  const state = new SyncState();
  const failing = state.cover(sync);
  ends[0]!.fail(new Error('EIO'));
  await expect(failing).rejects.toThrow('EIO');
  const again = state.cover(sync);
  expect(ends).toHaveLength(2);
  ends[1]!.succeed();
  await again;
});
