import { expect, it } from 'vitest';
import { syncInBackground } from '../../../src/broker/log/background-sync.js';
import { VirtualStorage } from '../../../src/environment/virtual/disk.js';

it('runs one after the other for each disk, and goes on after an error', async () => {
  const disk = new VirtualStorage().attach();
  const events: string[] = [];
  let end = () => {};
  syncInBackground(
    disk,
    () => {
      events.push('first');
      return new Promise((_, reject) => {
        end = () => reject(new Error('EIO'));
      });
    },
    (error) => events.push(String(error)),
  );
  const second = new Promise<void>((resolve) => {
    syncInBackground(
      disk,
      async () => {
        events.push('second');
        resolve();
      },
      () => {},
    );
  });
  await new Promise<void>((resolve) =>
    syncInBackground(
      new VirtualStorage().attach(),
      async () => resolve(),
      () => {},
    ),
  );
  expect(events).toEqual(['first']);
  end();
  await second;
  expect(events).toEqual(['first', 'Error: EIO', 'second']);
});
