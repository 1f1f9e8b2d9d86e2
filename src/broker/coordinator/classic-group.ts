import { errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { type GroupMember, type JoinAnswer, type MemberProtocol, metadataOf } from './group-member.js';
import { subscribedTopics } from './subscribed-topics.js';

/** As DescribeGroups and ListGroups name them. */
export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

const CONSUMER_PROTOCOL_TYPE = 'consumer';

/** What a request says of the member in whose name it comes. */
export interface MemberIdentity {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

/**
 * One group whose members assign among themselves: who is in it, in which generation and state. It holds what is so and the rules of
 * what may follow; it has no timers, writes nothing, and answers nobody but through its members' callbacks. Source: ClassicGroup.
 */
export class ClassicGroup {
  readonly groupId: string;
  readonly members = new Map<string, GroupMember>();
  /** Ids that were given out and not come back with yet (KIP-394). */
  readonly pendingJoins = new Set<string>();
  /** Members of this generation that have not asked for their assignment yet. */
  readonly pendingSyncs = new Set<string>();
  state: GroupState = 'Empty';
  previousState: GroupState = 'Empty';
  generationId = 0;
  /** Null in a group that only holds offsets. */
  protocolType: string | null = null;
  protocolName: string | null = null;
  leaderId: string | null = null;
  /** When it came into its state, -1 where an old record didn't say. */
  stateTimestampMs: number;
  /** Somebody came while the first rebalance was put off. */
  hasNewcomer = false;
  /** Of consumers, once a protocol is chosen; null where they are not known. */
  topics: ReadonlySet<string> | null = null;
  readonly #staticMembers = new Map<string, string>();
  /** How many members can be assigned by a protocol. */
  readonly #supporters = new Map<string, number>();
  #awaitingJoins = 0;

  constructor(groupId: string, stateTimestampMs: number) {
    this.groupId = groupId;
    this.stateTimestampMs = stateTimestampMs;
  }

  get awaitingJoins(): number {
    return this.#awaitingJoins;
  }
  get haveAllJoined(): boolean {
    return this.members.size === this.#awaitingJoins && this.pendingJoins.size === 0;
  }
  get canRebalance(): boolean {
    return this.state === 'Empty' || this.state === 'Stable' || this.state === 'CompletingRebalance';
  }
  /** The longest that a member asks for. */
  get rebalanceTimeoutMs(): number {
    let longest = 0;
    for (const { rebalanceTimeoutMs } of this.members.values()) longest = Math.max(longest, rebalanceTimeoutMs);
    return longest;
  }
  get isOfConsumers(): boolean {
    return this.protocolType === CONSUMER_PROTOCOL_TYPE;
  }
  staticMemberId(groupInstanceId: string): string | null {
    return this.#staticMembers.get(groupInstanceId) ?? null;
  }

  /** Throws KafkaError UNKNOWN_MEMBER_ID, and FENCED_INSTANCE_ID for a static member whose place another process has taken. */
  member({ memberId, groupInstanceId }: MemberIdentity): GroupMember {
    if (groupInstanceId !== null) {
      const current = this.staticMemberId(groupInstanceId);
      if (current !== null && current !== memberId) throw new KafkaError('FENCED_INSTANCE_ID');
      if (current === null) throw new KafkaError('UNKNOWN_MEMBER_ID');
    }
    const member = this.members.get(memberId);
    if (member === undefined) throw new KafkaError('UNKNOWN_MEMBER_ID');
    return member;
  }

  add(member: GroupMember, answer: ((answer: JoinAnswer) => void) | null): void {
    const { memberId, groupInstanceId, protocolType, protocols } = member;
    if (groupInstanceId !== null) this.#staticMembers.set(groupInstanceId, memberId);
    if (this.members.size === 0) this.protocolType = protocolType;
    this.leaderId ??= memberId;
    this.members.set(memberId, member);
    this.#countSupport(protocols, 1);
    this.pendingJoins.delete(memberId);
    if (answer !== null) this.awaitJoin(member, answer);
  }

  /** Forgets a member or an id that was given out. */
  remove(memberId: string): void {
    const member = this.members.get(memberId);
    if (member !== undefined) {
      this.members.delete(memberId);
      this.#countSupport(member.protocols, -1);
      if (member.awaitingJoin !== null) this.#awaitingJoins--;
      if (member.groupInstanceId !== null) this.#staticMembers.delete(member.groupInstanceId);
    }
    if (this.leaderId === memberId) this.leaderId = this.members.keys().next().value ?? null;
    this.pendingJoins.delete(memberId);
    this.pendingSyncs.delete(memberId);
  }

  /** What a member says anew of itself. */
  update(member: GroupMember, said: Pick<GroupMember, 'protocols' | 'rebalanceTimeoutMs' | 'sessionTimeoutMs'>): void {
    this.#countSupport(member.protocols, -1);
    this.#countSupport(said.protocols, 1);
    member.protocols = said.protocols;
    member.rebalanceTimeoutMs = said.rebalanceTimeoutMs;
    member.sessionTimeoutMs = said.sessionTimeoutMs;
  }

  /** A static member's new process takes its place; the old one, if it waits for something, hears that it is fenced. */
  replaceStaticMember(groupInstanceId: string, oldMemberId: string, newMemberId: string): GroupMember {
    const old = this.members.get(oldMemberId);
    if (old === undefined) throw new Error(`${oldMemberId} is no member of ${this.groupId}`);
    const fenced = errorCode('FENCED_INSTANCE_ID');
    this.answerJoin(old, failedJoin(oldMemberId, fenced));
    answerSync(old, failedSync(fenced));
    const member = { ...old, memberId: newMemberId };
    // In its own place, for the order of the members is the leader's to go by.
    const others = [...this.members];
    this.members.clear();
    for (const [id, other] of others) this.members.set(id === oldMemberId ? newMemberId : id, id === oldMemberId ? member : other);
    if (this.leaderId === oldMemberId) this.leaderId = newMemberId;
    this.#staticMembers.set(groupInstanceId, newMemberId);
    return member;
  }

  /** One that waited before has asked anew, for its answer would not have reached it. */
  awaitJoin(member: GroupMember, answer: (answer: JoinAnswer) => void): void {
    this.answerJoin(member, failedJoin(member.memberId, errorCode('REBALANCE_IN_PROGRESS')));
    this.#awaitingJoins++;
    member.awaitingJoin = answer;
  }
  answerJoin(member: GroupMember, answer: JoinAnswer): void {
    if (member.awaitingJoin === null) return;
    member.awaitingJoin(answer);
    member.awaitingJoin = null;
    this.#awaitingJoins--;
  }

  /** Whether a newcomer can be assigned together with those who are there. */
  supports(protocolType: string, protocols: readonly MemberProtocol[]): boolean {
    if (this.state === 'Empty') return protocolType !== '' && protocols.length > 0;
    return protocolType === this.protocolType && protocols.some(({ name }) => this.#supporters.get(name) === this.members.size);
  }

  /** What all can be assigned by and most like best. */
  selectProtocol(): string | null {
    const votes = new Map<string, number>();
    for (const { protocols } of this.members.values()) {
      const vote = protocols.find(({ name }) => this.#supporters.get(name) === this.members.size);
      if (vote !== undefined) votes.set(vote.name, (votes.get(vote.name) ?? 0) + 1);
    }
    let best: string | null = null;
    for (const [name, count] of votes) if (best === null || count > (votes.get(best) ?? 0)) best = name;
    return best;
  }

  /** Where the leader has not joined again, another who has takes its part. False where nobody has. */
  electJoinedLeader(): boolean {
    if (this.leaderId === null) return false;
    if (this.members.get(this.leaderId)?.awaitingJoin != null) return true;
    const joined = [...this.members.values()].find(({ awaitingJoin }) => awaitingJoin !== null);
    if (joined !== undefined) this.leaderId = joined.memberId;
    return joined !== undefined;
  }

  transitionTo(state: GroupState, nowMs: number): void {
    this.previousState = this.state;
    this.state = state;
    this.stateTimestampMs = nowMs;
  }

  beginGeneration(nowMs: number): void {
    this.generationId++;
    this.pendingSyncs.clear();
    this.protocolName = this.members.size > 0 ? this.selectProtocol() : null;
    this.noteTopics();
    this.transitionTo(this.members.size > 0 ? 'CompletingRebalance' : 'Empty', nowMs);
  }

  /** Takes the topics from what the members say by the protocol that was chosen. */
  noteTopics(): void {
    this.topics = this.#subscribedTopics();
  }
  #subscribedTopics(): ReadonlySet<string> | null {
    if (!this.isOfConsumers) return null;
    const all = new Set<string>();
    for (const member of this.members.values()) {
      const topics = this.protocolName === null ? null : subscribedTopics(metadataOf(member, this.protocolName));
      if (topics === null) return null;
      for (const topic of topics) all.add(topic);
    }
    return all;
  }

  /** True where it may be so: offsets of a topic that is in use are left alone. */
  mayBeSubscribedTo(topic: string): boolean {
    return this.topics?.has(topic) ?? this.isOfConsumers;
  }

  #countSupport(protocols: readonly MemberProtocol[], change: 1 | -1): void {
    for (const { name } of protocols) this.#supporters.set(name, (this.#supporters.get(name) ?? 0) + change);
  }
}

export const answerSync = (member: GroupMember, answer: Parameters<NonNullable<GroupMember['awaitingSync']>>[0]): boolean => {
  const { awaitingSync } = member;
  member.awaitingSync = null;
  awaitingSync?.(answer);
  return awaitingSync !== null;
};

export const failedJoin = (memberId: string, code: number): JoinAnswer => ({
  ...{ errorCode: code, memberId, generationId: -1, protocolType: null, protocolName: null },
  ...{ leader: '', skipAssignment: false, members: [] },
});
export const failedSync = (code: number) => ({ errorCode: code, protocolType: null, protocolName: null, assignment: new Uint8Array(0) });
