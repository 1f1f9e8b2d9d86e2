import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.js';
import { useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

/** Waits until every broker names the same active controller. */
async function untilAgreed(): Promise<{ readonly leaderId: number; readonly leaderEpoch: number }> {
  let answers: readonly { readonly leaderId: number; readonly leaderEpoch: number }[] = [];
  await waitFor(
    async () => {
      answers = await Promise.all(on.running().map((by) => on.quorum(by).catch(() => ({ leaderId: -1, leaderEpoch: -1 }))));
      return answers.every(({ leaderId, leaderEpoch }) => leaderId !== -1 && leaderEpoch === answers[0]!.leaderEpoch);
    },
    () => JSON.stringify(answers),
    { deadlineMs: 30_000 },
  );
  expect(new Set(answers.map(({ leaderId }) => leaderId)).size).toBe(1);
  return answers[0]!;
}

describe('the active controller', () => {
  it('is followed by another when it is killed, and nothing that it decided is lost', async () => {
    const topic = await on.createTopic([[1, 2, 3]], { 'retention.ms': 60_000 });
    const before = await untilAgreed();
    await on.kill(before.leaderId);
    const leader = await on.activeController({ not: before.leaderId });
    expect(leader).not.toBe(before.leaderId);
    const after = await on.quorum();
    expect(after.leaderEpoch).toBeGreaterThan(before.leaderEpoch);
    expect((await on.partitionOf(topic)).replicas).toEqual([1, 2, 3]);
    const [first, second] = on.running();
    await on.createTopic([[first!, second!]]);

    await on.restart(before.leaderId);
    const { leaderId } = await untilAgreed();
    expect(leaderId).toBe(leader);
    await waitFor(
      async () => {
        const { currentVoters, highWatermark } = await on.quorum();
        return currentVoters.every(({ logEndOffset }) => logEndOffset >= highWatermark - 1n);
      },
      () => 'a voter does not catch up',
    );
  });

  it('is no more when it was paused too long', async () => {
    const before = await untilAgreed();
    await on.pause(before.leaderId);
    await on.activeController({ not: before.leaderId });
    const [first, second] = on.running();
    const topic = await on.createTopic([[first!, second!]]);
    await on.resume(before.leaderId);
    const { leaderId, leaderEpoch } = await untilAgreed();
    expect(leaderId).not.toBe(before.leaderId);
    expect(leaderEpoch).toBeGreaterThan(before.leaderEpoch);
    await on.until(topic, { leader: first! }, { by: before.leaderId });
  });
});
