import { describe, expect, it } from 'vitest';
import { createQuorumWorld } from './quorum-world.js';

const ask = (candidateId: number, epoch: number) => ({
  ...{ candidateId, epoch, voterId: 1 },
  isPreVote: false,
  logEnd: { epoch: epoch - 1, offset: 1_000n },
});

/** The only live one of three voters: whoever asks for its vote is the test. */
async function voter() {
  const cluster = createQuorumWorld('votes', { voters: 3 });
  const start = () => cluster.world.finish(cluster.start(1));
  return { cluster, start, quorum: await start() };
}

describe('a vote', () => {
  it('outlives the process, and the loss of power', async () => {
    const { cluster, start, quorum } = await voter();
    expect(quorum.vote(ask(2, 5))).toMatchObject({ error: null, isGranted: true, leaderEpoch: 5 });
    cluster.kill(1);
    const second = await start();
    expect(second.vote(ask(3, 5))).toMatchObject({ error: null, isGranted: false });
    expect(second.vote(ask(3, 6))).toMatchObject({ isGranted: true });
    cluster.losePower(1);
    const third = await start();
    expect(third.vote(ask(2, 6))).toMatchObject({ isGranted: false });
    expect(third.vote(ask(2, 5))).toMatchObject({ error: 'FENCED_LEADER_EPOCH', leaderEpoch: 6 });
  });

  it('is told only when it is written down, at whatever write the process dies', async () => {
    for (let writes = 1; writes < 8; writes++) {
      const { cluster, start, quorum } = await voter();
      let isGranted = false;
      cluster.machine(1).environment?.closeAfterWrites(writes);
      try {
        ({ isGranted } = quorum.vote(ask(2, 5)));
      } catch (error) {
        expect(error).toMatchObject({ message: 'This life of the node has ended' });
      }
      cluster.losePower(1);
      const again = await start();
      if (isGranted) expect(again.vote(ask(3, 5)).isGranted).toBe(false);
    }
  });

  it('is of no use where the disk is full', async () => {
    const { cluster, quorum } = await voter();
    cluster.machine(1).storage.capacityBytes = 0;
    expect(quorum.vote(ask(2, 5))).toMatchObject({ error: 'BROKER_NOT_AVAILABLE', isGranted: false, leaderEpoch: 0 });
    cluster.machine(1).storage.capacityBytes = Number.MAX_SAFE_INTEGER;
    expect(quorum.vote(ask(3, 5))).toMatchObject({ error: null, isGranted: true });
  });

  it('is asked of this voter, by one that could be', async () => {
    const { quorum } = await voter();
    expect(quorum.vote({ ...ask(2, 5), voterId: 3 }).error).toBe('INVALID_VOTER_KEY');
    expect(quorum.vote({ ...ask(2, 5), logEnd: { epoch: 5, offset: 1n } }).error).toBe('INVALID_REQUEST');
    expect(quorum.vote({ ...ask(2, 5), logEnd: { epoch: 1, offset: -1n } }).error).toBe('INVALID_REQUEST');
    expect(quorum.vote({ ...ask(-1, 5) }).error).toBe('INVALID_REQUEST');
  });
});
