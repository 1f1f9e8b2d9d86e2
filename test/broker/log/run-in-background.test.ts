import { expect, it } from 'vitest';
import { runInBackground } from '../../../src/broker/log/run-in-background.js';
import { VirtualStorage } from '../../../src/environment/virtual/disk.js';

it('runs one after the other for each disk, and goes on after an error', async () => {
  const disk = new VirtualStorage().attach();
  const events: string[] = [];
  let end = () => {};
  runInBackground(
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
    runInBackground(
      disk,
      async () => {
        events.push('second');
        resolve();
      },
      () => {},
    );
  });
  await new Promise<void>((resolve) =>
    runInBackground(
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
