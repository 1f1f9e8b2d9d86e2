import type { ThrottleJournal } from '../../src/commands/ports.js';

/** For commands that throttle nothing. */
export const noThrottles: ThrottleJournal = { add: async () => () => {}, list: async () => [] };
