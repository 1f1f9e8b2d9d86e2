import { describe, expect, it } from 'vitest';
import {
  answeredVote,
  type Election,
  fetched,
  heardLeader,
  heardVote,
  leaderGone,
  leaderResigned,
  learned,
  type Member,
  NOBODY,
  resigned,
  resumed,
  timedOut,
} from '../../../../src/broker/controller/raft/election.js';

const member: Member = { nodeId: 1, voterIds: [1, 2, 3] };
const observer: Member = { nodeId: 4, voterIds: [1, 2, 3] };
const logEnd = { epoch: 3, offset: 100n };
const fresh: Election = resumed(member, null, 0);
const inEpoch = (epoch: number, change: Partial<Election> = {}): Election => ({ ...learned(member, fresh, epoch, NOBODY), ...change });
const following = (epoch: number, leaderId: number): Election => learned(member, fresh, epoch, leaderId);
const leaderRole = { name: 'leader', grantedBy: [1, 2] } as const;
const ask = (election: Election, change: Partial<Parameters<typeof answeredVote>[2]> = {}) =>
  answeredVote(member, election, { candidateId: 2, epoch: election.epoch, isPreVote: false, logEnd, ...change }, logEnd);
const heard = (election: Election, voterId: number, isPreVote: boolean, isGranted: boolean): Election =>
  heardVote(member, election, { voterId, epoch: election.epoch, isPreVote, isGranted });

describe('winning', () => {
  it('takes a majority that would vote, a new epoch, and a majority that does', () => {
    const prospective = timedOut(member, inEpoch(3));
    expect(prospective).toMatchObject({ epoch: 3, votedId: NOBODY, role: { name: 'prospective' } });
    const candidate = heard(prospective, 2, true, true);
    expect(candidate).toMatchObject({ epoch: 4, votedId: 1, leaderId: NOBODY, role: { name: 'candidate' } });
    expect(heard(candidate, 3, false, true)).toMatchObject({ epoch: 4, leaderId: 1, role: { name: 'leader', grantedBy: [1, 3] } });
  });

  it('counts each voter once, and nobody who is no voter', () => {
    const five: Member = { nodeId: 1, voterIds: [1, 2, 3, 4, 5] };
    const answer = { epoch: 3, isPreVote: true, isGranted: true };
    let election = timedOut(five, inEpoch(3));
    for (const voterId of [2, 2, 9]) election = heardVote(five, election, { ...answer, voterId });
    expect(election.role.name).toBe('prospective');
    expect(heardVote(five, election, { ...answer, voterId: 3 }).role.name).toBe('candidate');
  });

  it('is at once where there is nobody else', () => {
    const alone: Member = { nodeId: 1, voterIds: [1] };
    expect(timedOut(alone, fresh)).toMatchObject({ epoch: 1, votedId: 1, leaderId: 1, role: { name: 'leader' } });
  });

  it('hears no answer of another epoch or to another question', () => {
    const candidate = heard(timedOut(member, inEpoch(3)), 2, true, true);
    expect(heard(candidate, 2, true, true)).toBe(candidate);
    expect(heardVote(member, candidate, { voterId: 2, epoch: 3, isPreVote: false, isGranted: true })).toBe(candidate);
  });

  it('is tried again where votes are split, first whether anybody would vote, in the same epoch', () => {
    const candidate = heard(timedOut(member, inEpoch(3)), 2, true, true);
    const again = timedOut(member, heard(candidate, 2, false, false));
    expect(again).toMatchObject({ epoch: 4, votedId: 1, leaderId: NOBODY, role: { name: 'prospective' } });
    expect(heard(again, 2, true, true)).toMatchObject({ epoch: 5, votedId: 1, role: { name: 'candidate' } });
  });

  it('fails where a majority refuses: back to the leader, or to nobody', () => {
    const refused = (election: Election) => heard(heard(election, 2, true, false), 3, true, false);
    expect(refused(timedOut(member, inEpoch(3))).role.name).toBe('unattached');
    expect(refused(timedOut(member, following(3, 2)))).toMatchObject({ leaderId: 2, role: { name: 'follower', hasFetched: false } });
  });

  it('is not for observers', () => {
    const election = learned(observer, fresh, 3, 2);
    expect(timedOut(observer, election)).toBe(election);
  });
});

describe('a vote', () => {
  it('is given once in an epoch, and again to the same', () => {
    const { election, isGranted } = ask(inEpoch(4));
    expect(isGranted).toBe(true);
    expect(election.votedId).toBe(2);
    expect(ask(election).isGranted).toBe(true);
    expect(ask(election, { candidateId: 3 })).toMatchObject({ isGranted: false, election: { votedId: 2 } });
    expect(ask(election, { candidateId: 3, epoch: 5 })).toMatchObject({ isGranted: true, election: { epoch: 5, votedId: 3 } });
  });

  it('is for a log that goes as far', () => {
    const given = (epoch: number, offset: bigint) => ask(inEpoch(5), { logEnd: { epoch, offset } }).isGranted;
    expect([given(3, 100n), given(3, 99n), given(4, 1n), given(2, 200n)]).toEqual([true, false, true, false]);
  });

  it('is not given in an epoch that has or had a leader, nor in an older one, nor to who is no voter', () => {
    expect(ask(following(4, 3)).isGranted).toBe(false);
    expect(ask(leaderResigned(member, following(4, 3), 4, 3)).isGranted).toBe(false);
    expect(ask(inEpoch(4), { epoch: 3 }).isGranted).toBe(false);
    expect(ask(inEpoch(4), { candidateId: 9 }).isGranted).toBe(false);
  });

  it('leaves a follower that repeats it with its leader', () => {
    const voted = ask(inEpoch(4)).election;
    const follower = fetched(learned(member, voted, 4, 2));
    expect(ask(follower)).toEqual({ election: follower, isGranted: true });
  });

  it('deposes a leader only by a higher epoch', () => {
    const leader = { ...inEpoch(4), leaderId: 1, votedId: 1, role: leaderRole };
    expect(ask(leader)).toEqual({ election: leader, isGranted: false });
    expect(ask(leader, { epoch: 5 })).toMatchObject({ isGranted: true, election: { leaderId: NOBODY, role: { name: 'unattached' } } });
  });
});

describe('a pre-vote', () => {
  const preVote = (election: Election) => ask(election, { isPreVote: true });

  it('binds nobody', () => {
    const election = inEpoch(4);
    expect(preVote(election)).toEqual({ election, isGranted: true });
    expect(preVote({ ...election, votedId: 3 }).isGranted).toBe(true);
  });

  it('is refused by who hears of a leader, and by the leader', () => {
    expect(preVote(following(4, 3)).isGranted).toBe(true);
    expect(preVote(fetched(following(4, 3))).isGranted).toBe(false);
    expect(preVote(timedOut(member, fetched(following(4, 3)))).isGranted).toBe(true);
    expect(preVote({ ...inEpoch(4), leaderId: 1, role: leaderRole }).isGranted).toBe(false);
  });
});

describe('hearing of a leader', () => {
  it('makes a follower, in a later epoch from any state', () => {
    const leader: Election = { ...inEpoch(4), leaderId: 1, votedId: 1, role: leaderRole };
    expect(learned(member, leader, 5, 2)).toMatchObject({ epoch: 5, votedId: NOBODY, leaderId: 2, role: { name: 'follower' } });
    expect(learned(member, leader, 3, 2)).toBe(leader);
    expect(learned(member, leader, 4, 2)).toBe(leader);
  });

  it('never tells a node that it leads', () => {
    expect(learned(member, inEpoch(4), 5, 1)).toMatchObject({ epoch: 5, leaderId: NOBODY, role: { name: 'unattached' } });
  });

  it('makes room for another leader where its process is gone', () => {
    const bereaved = leaderGone(fetched(following(4, 2)));
    expect(bereaved).toEqual(following(4, 2));
    expect(leaderGone(bereaved)).toBe(bereaved);
  });

  it('brings a prospective node back, where the leader itself says so', () => {
    const prospective = timedOut(member, fetched(following(4, 2)));
    expect(learned(member, prospective, 4, 2)).toBe(prospective);
    expect(heardLeader(member, prospective, 4, 2).role.name).toBe('follower');
  });

  it('ends with its resignation, which later rumours do not undo', () => {
    const over = leaderResigned(member, following(4, 2), 4, 2);
    expect(over).toMatchObject({ epoch: 4, leaderId: NOBODY, isOver: true, role: { name: 'unattached' } });
    expect(learned(member, over, 4, 2)).toBe(over);
  });
});

describe('a new life', () => {
  it('remembers epoch and vote', () => {
    expect(resumed(member, { epoch: 7, votedId: 3, leaderId: NOBODY }, 5)).toMatchObject({ epoch: 7, votedId: 3 });
  });

  it('follows whom it followed, and does not lead what it led', () => {
    expect(resumed(member, { epoch: 7, votedId: 3, leaderId: 3 }, 5)).toMatchObject({ leaderId: 3, role: { name: 'follower' } });
    const led = resumed(member, { epoch: 7, votedId: 1, leaderId: 1 }, 7);
    expect(led).toMatchObject({ leaderId: NOBODY, isOver: true, role: { name: 'unattached' } });
    expect(ask(led).isGranted).toBe(false);
  });

  it('begins in the epoch of its log, where that is later', () => {
    expect(resumed(member, { epoch: 2, votedId: 3, leaderId: NOBODY }, 5)).toMatchObject({ epoch: 5, votedId: NOBODY });
  });

  it('resigns once', () => {
    const leader: Election = { ...inEpoch(4), leaderId: 1, votedId: 1, role: leaderRole };
    const over = resigned(leader);
    expect(over).toMatchObject({ leaderId: NOBODY, isOver: true });
    expect(resigned(over)).toBe(over);
  });
});
