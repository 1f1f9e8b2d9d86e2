import type { LeadershipChange } from '../admin/execute/leadership-change.js';
import type { Undo } from './command.js';
import { shellWord } from './shell-word.js';

/** What `leaders rollback` takes a change back by. */
export const undoOfLeadershipChange = (change: LeadershipChange, undoFile: string): Undo => ({
  before: { leader: change.leaderBefore, replicas: change.replicasBefore },
  after: { leader: change.leaderAfter, replicas: change.replicasAfter },
  command: `kafka-ts leaders rollback ${shellWord(undoFile)}`,
});
