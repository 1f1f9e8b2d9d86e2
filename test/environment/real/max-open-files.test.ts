import { describe, expect, it } from 'vitest';
import { maxOpenFilesWithin } from '../../../src/environment/real/max-open-files.js';

const limits = (soft: string) => `Limit                     Soft Limit           Hard Limit           Units
Max file locks            7                    7                    locks
Max open files            ${soft.padEnd(20)} 1048576              files
Max pending signals       96215                96215                signals
`;

describe('the number of open files', () => {
  it.each([
    ['1024', 512],
    ['256', 128],
    ['1', 1],
    ['1048576', 1000],
    ['unlimited', 1000],
  ])('leaves half of %s descriptors to sockets: %i', (soft, files) => {
    expect(maxOpenFilesWithin(limits(soft))).toBe(files);
  });

  it('is a share of that half where several nodes live in one process', () => {
    expect(maxOpenFilesWithin(limits('1024'), 3)).toBe(170);
  });

  it('is the most where the system does not say', () => {
    expect(maxOpenFilesWithin(null)).toBe(1000);
  });
});
