import { describe, expect, it } from 'vitest';
import type { Decision, DecisionContext } from '../../../src/broker/controller/decision.js';
import { preferredElections, startPeriodicElections, uncleanElections } from '../../../src/broker/controller/periodic-elections.js';
import { createWorld } from '../../../src/environment/virtual.js';
import { configRecord } from '../../../src/protocol/metadata-records/config-record.js';
import { metadataRecord } from '../../../src/protocol/metadata-records/metadata-record.js';
import { partitionChangeRecord } from '../../../src/protocol/metadata-records/partition-change-record.js';
import { createReplicatedPartition } from './replicated-partition.js';

const allowUnclean = metadataRecord(configRecord, {
  ...{ resourceType: 2, resourceName: 'a', name: 'unclean.leader.election.enable', value: 'true' },
});
const SECOND_MS = 1000;

/** A controller that elects by itself, in virtual time, and what it has written. */
function electing(configs: Readonly<Record<string, string>> = {}) {
  const world = createWorld('elections');
  const { clock } = world.createEnvironment('controller');
  const made = createReplicatedPartition({}, { configs });
  const write = async <Response>(decide: (context: DecisionContext) => Decision<Response>): Promise<Response> =>
    made.apply(decide(made.context));
  const stop = startPeriodicElections({ clock, context: made.context, write, log: () => {} });
  const lead = (leader: number) =>
    made.replay(metadataRecord(partitionChangeRecord, { topicId: made.topicId, partitionId: 0, leader, isr: [1, 2, 3] }));
  return { ...made, world, stop, lead };
}

describe('automatic preferred election', () => {
  it('gives a partition back to its preferred leader within leader.imbalance.check.interval.seconds', async () => {
    const { world, lead, partition } = electing();
    lead(2);
    await world.run(299 * SECOND_MS);
    expect(partition().leader).toBe(2);
    await world.run(2 * SECOND_MS);
    expect(partition()).toMatchObject({ leader: 1, leaderEpoch: 2 });
  });

  it('waits for a preferred leader that is away', async () => {
    const { world, fence, unfence, lead, partition } = electing({ 'leader.imbalance.check.interval.seconds': '1' });
    fence(1);
    await world.run(10 * SECOND_MS);
    expect(partition()).toMatchObject({ leader: 2, leaderEpoch: 1 });
    unfence(1);
    lead(2);
    await world.run(2 * SECOND_MS);
    expect(partition().leader).toBe(1);
  });

  it('is not done where auto.leader.rebalance.enable says no', async () => {
    const { world, lead, partition } = electing({ 'auto.leader.rebalance.enable': 'false' });
    lead(2);
    await world.run(900 * SECOND_MS);
    expect(partition().leader).toBe(2);
  });

  it('ends with the term', async () => {
    const { world, lead, stop, partition } = electing();
    lead(2);
    stop();
    await world.run(900 * SECOND_MS);
    expect(partition().leader).toBe(2);
  });

  it('leaves partitions that are led as they should be', () => {
    expect(preferredElections(createReplicatedPartition().context)).toEqual([]);
  });
});

describe('automatic unclean election', () => {
  it('finds a leader for a topic that has come to allow it', async () => {
    const { world, fence, unfence, replay, partition } = electing({ 'unclean.leader.election.interval.ms': '1000' });
    for (const id of [1, 2, 3]) fence(id);
    unfence(1);
    await world.run(5 * SECOND_MS);
    expect(partition().leader).toBe(-1);
    replay(allowUnclean);
    await world.run(2 * SECOND_MS);
    expect(partition()).toMatchObject({ leader: 1, isr: [1], elr: [], leaderRecoveryState: 1 });
  });

  it('looks at partitions without a leader alone', () => {
    const { context, replay } = createReplicatedPartition();
    replay(allowUnclean);
    expect(uncleanElections(context)).toEqual([]);
  });
});
