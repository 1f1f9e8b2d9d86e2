import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/**
 * Native code, loaded where it is first needed and not before: each of these takes milliseconds and megabytes, and a node or a client
 * that meets no such data needs none of them.
 */
export const native = {
  crc32: once(() => load('@node-rs/crc32') as typeof import('@node-rs/crc32')),
  snappy: once(() => load('snappy') as typeof import('snappy')),
  lz4: once(() => load('lz4-napi') as typeof import('lz4-napi')),
};

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
