import { describe, expect, it } from 'vitest';
import { featureRows } from '../../../src/commands/cluster/features.js';

describe('featureRows', () => {
  it('tells what all brokers support and what was decided last', () => {
    const upgraded = {
      supported: [
        { feature: 'group.version', min: 0, max: 1 },
        { feature: 'metadata.version', min: 7, max: 30 },
      ],
      finalized: [{ feature: 'metadata.version', level: 21 }],
      epoch: 9,
    };
    const old = {
      supported: [{ feature: 'metadata.version', min: 1, max: 21 }],
      finalized: [{ feature: 'metadata.version', level: 20 }],
      epoch: 8,
    };
    expect(featureRows([old, upgraded])).toEqual([
      { feature: 'group.version', minSupported: null, maxSupported: null, finalized: 0, release: null, epoch: 9 },
      { feature: 'metadata.version', minSupported: 7, maxSupported: 21, finalized: 21, release: '3.9-IV0', epoch: 9 },
    ]);
    expect(featureRows([])).toEqual([]);
  });
});
