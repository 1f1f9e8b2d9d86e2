/** A change of the ISR that the leader has asked the controller for. Answers are matched by identity. */
export interface IsrProposal {
  readonly isr: readonly number[];
  /** Of each member, as it stands in `isr`: which of its lives is meant (KIP-903); -1 where the leader does not know. */
  readonly brokerEpochs: readonly number[];
  readonly leaderEpoch: number;
  /** Of the partition's state that it is to follow. */
  readonly partitionEpoch: number;
}

/**
 * The in-sync replicas as their leader sees them: what the controller has committed, and what is asked for. Whoever may be a member
 * counts: an addition from the moment it is proposed, a removal only once it is confirmed, so that whatever the controller
 * decides, no member lacks what was committed (KIP-497). Source: kafka.cluster.PartitionState.
 */
export class InSyncReplicas {
  readonly committed: readonly number[];
  readonly proposal: IsrProposal | null;

  constructor(committed: readonly number[], proposal: IsrProposal | null = null) {
    this.committed = committed;
    this.proposal = proposal;
  }

  /** One proposal at a time. */
  propose(proposal: IsrProposal): InSyncReplicas {
    return new InSyncReplicas(this.committed, proposal);
  }
  /** The controller has refused, and has said that it changed nothing. */
  withoutProposal(): InSyncReplicas {
    return new InSyncReplicas(this.committed);
  }

  isMember(brokerId: number): boolean {
    return this.committed.includes(brokerId);
  }
  /** Of the committed ISR or of the proposed one: Kafka's maximal ISR. */
  mayBeMember(brokerId: number): boolean {
    return this.committed.includes(brokerId) || this.proposal?.isr.includes(brokerId) === true;
  }
  get maximalSize(): number {
    const { committed, proposal } = this;
    return committed.length + (proposal?.isr.filter((id) => !committed.includes(id)).length ?? 0);
  }
}
