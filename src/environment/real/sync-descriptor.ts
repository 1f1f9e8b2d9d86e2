import { fsync } from 'node:fs';

/** fsync off the loop. Rejects with the system's error. */
export const syncDescriptor = (fd: number): Promise<void> =>
  new Promise((resolve, reject) => {
    fsync(fd, (error) => (error === null || error === undefined ? resolve() : reject(error)));
  });
