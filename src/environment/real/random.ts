import { randomBytes } from 'node:crypto';
import type { Random } from '../environment.js';

export const realRandom: Random = { uniform: Math.random, bytes: (length) => randomBytes(length) };
