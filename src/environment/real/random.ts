import type { Random } from '../environment.js';

export const realRandom: Random = {
  uniform: Math.random,
  // Not imported: node:crypto takes 5 ms to load, and a client that needs no bytes is to start without it.
  bytes: (length) => process.getBuiltinModule('node:crypto').randomBytes(length),
};
