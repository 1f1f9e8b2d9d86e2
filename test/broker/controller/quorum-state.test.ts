import { describe, expect, it } from 'vitest';
import { readQuorumState, writeQuorumState } from '../../../src/broker/controller/quorum-state.js';
import { createWorld } from '../../../src/environment/virtual.js';
import { MachineError } from '../../../src/model/errors.js';

const newDisk = () => {
  const { disk } = createWorld('quorum-state').createEnvironment('h1');
  disk.makeDirectory('/data');
  return disk;
};

describe('quorum-state', () => {
  it('is read as it was written, and null before', () => {
    const disk = newDisk();
    expect(readQuorumState(disk, '/data')).toBeNull();
    const state = { leaderId: -1, leaderEpoch: 7, votedId: 2, voterIds: [1, 2, 3] };
    writeQuorumState(disk, '/data', state);
    expect(readQuorumState(disk, '/data')).toEqual(state);
  });

  it.each(['', '{', 'null', '7', '{}', '{"data_version":1}', '{"data_version":0,"leaderId":1}'])(
    'refuses %j, and names the file',
    (text) => {
      const disk = newDisk();
      disk.writeFile('/data/quorum-state', Buffer.from(text), { sync: true });
      expect(() => readQuorumState(disk, '/data')).toThrow(MachineError);
      expect(() => readQuorumState(disk, '/data')).toThrow('/data/quorum-state');
    },
  );
});
