import { describe, expect, it } from 'vitest';
import {
  answeredVote,
  type Election,
  heardVote,
  learned,
  type Member,
  NOBODY,
  resumed,
  timedOut,
} from '../../../../src/broker/controller/raft/election.js';
import { waitsOn } from '../../../../src/broker/controller/raft/timing.js';

const member: Member = { nodeId: 1, voterIds: [1, 2, 3] };
const logEnd = { epoch: 3, offset: 100n };
const unattached = learned(member, resumed(member, null, 0), 3, NOBODY);
const prospective = timedOut(member, unattached);
const candidate = heardVote(member, prospective, { voterId: 2, epoch: 3, isPreVote: true, isGranted: true });
const following = learned(member, unattached, 3, 2);
const asked = (election: Election, offset: bigint): Election => {
  const request = { candidateId: 3, epoch: 5, isPreVote: false, logEnd: { epoch: 3, offset } };
  return answeredVote(member, election, request, logEnd).election;
};

describe('the wait for an election', () => {
  it.each([unattached, prospective, candidate])('goes on where a later epoch is heard of: $role.name', (election) => {
    expect(waitsOn(election, learned(member, election, 5, NOBODY))).toBe(true);
    expect(waitsOn(election, asked(election, 99n))).toBe(true);
  });

  it('begins anew with a vote, with a leader, and where the leader is lost', () => {
    expect(waitsOn(unattached, asked(unattached, 100n))).toBe(false);
    expect(waitsOn(unattached, learned(member, unattached, 5, 2))).toBe(false);
    expect(waitsOn(following, learned(member, following, 5, NOBODY))).toBe(false);
  });

  it('begins anew with the next attempt', () => {
    expect(waitsOn(unattached, prospective)).toBe(false);
    expect(waitsOn(candidate, timedOut(member, candidate))).toBe(false);
  });
});
