import fc from 'fast-check';

/**
 * Property tests draw from one seed, so that a run says something of the change and not of its luck. `PROPERTY_SEED=random npm test` draws
 * others, and `PROPERTY_SEED=<number>` repeats one; a failure names its seed. A case that failed becomes a test of its own.
 */
const { PROPERTY_SEED = '1' } = process.env;
export const propertySeed = PROPERTY_SEED === 'random' ? Date.now() % 2 ** 31 : Number(PROPERTY_SEED);

fc.configureGlobal({ seed: propertySeed });
