import type { JoinGroupRequest, JoinGroupResponseInput } from '../../protocol/messages/join-group.js';
import type { SyncGroupResponseInput } from '../../protocol/messages/sync-group.js';

export type MemberProtocol = JoinGroupRequest['protocols'][number];
export type JoinAnswer = Omit<JoinGroupResponseInput, 'throttleTimeMs'>;
export type SyncAnswer = Omit<SyncGroupResponseInput, 'throttleTimeMs'>;

/** A member of a classic group. Source: ClassicGroupMember. */
export interface GroupMember {
  readonly memberId: string;
  /** Of a static member (KIP-345), which keeps its place while it restarts. */
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly protocolType: string;
  rebalanceTimeoutMs: number;
  sessionTimeoutMs: number;
  /** What it can be assigned by, best first. */
  protocols: readonly MemberProtocol[];
  assignment: Uint8Array;
  /** Answers its JoinGroup, which waits for the others; null while it doesn't wait. ClassicGroup alone sets it. */
  awaitingJoin: ((answer: JoinAnswer) => void) | null;
  /** Answers its SyncGroup, which waits for the leader's assignment. */
  awaitingSync: ((answer: SyncAnswer) => void) | null;
  /** It has not been through a rebalance yet: while it waits in its first JoinGroup its own timeout runs. */
  isNew: boolean;
}

export const noAssignment = new Uint8Array(0);

export const metadataOf = ({ protocols }: GroupMember, protocolName: string | null): Uint8Array =>
  protocols.find(({ name }) => name === protocolName)?.metadata ?? noAssignment;

/** Whether the member would say the same of itself again. */
export const hasProtocols = ({ protocols }: GroupMember, others: readonly MemberProtocol[]): boolean =>
  protocols.length === others.length &&
  protocols.every(({ name, metadata }, index) => {
    const other = others[index];
    return other !== undefined && other.name === name && Buffer.compare(metadata, other.metadata) === 0;
  });

/** One that waits for a rebalance needs no heartbeat. */
export const needsNoHeartbeat = ({ isNew, awaitingJoin, awaitingSync }: GroupMember): boolean =>
  !isNew && (awaitingJoin !== null || awaitingSync !== null);
