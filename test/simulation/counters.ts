/** How often a run saw what the simulation is for. */
export interface Counters {
  leaderChanges: number;
  controllerChanges: number;
  isrShrinks: number;
  isrExpansions: number;
  truncations: number;
  elrElections: number;
  uncleanElections: number;
  /** Logs whose unsynced end went with the power. */
  lostTails: number;
  oneWayCuts: number;
  faults: number;
  operations: number;
  acknowledged: number;
  /** Records that were acknowledged with acks=1 and are gone: what acks=1 does not promise. */
  lostWithAcks1: number;
  committedBatches: number;
  groupGenerations: number;
  groupCommits: number;
  staleCommitsRefused: number;
  /** Brokers that have coordinated a group, of all groups. */
  groupCoordinators: number;
  memberCrashes: number;
  /** Records that compaction has taken off a replica's log. */
  compactedRecords: number;
  /** Reads of a compacted partition from its beginning to its end. */
  tablesRead: number;
  events: number;
}

export const noCounts = (): Counters => ({
  leaderChanges: 0,
  controllerChanges: 0,
  isrShrinks: 0,
  isrExpansions: 0,
  truncations: 0,
  elrElections: 0,
  uncleanElections: 0,
  lostTails: 0,
  oneWayCuts: 0,
  faults: 0,
  operations: 0,
  acknowledged: 0,
  lostWithAcks1: 0,
  committedBatches: 0,
  groupGenerations: 0,
  groupCommits: 0,
  staleCommitsRefused: 0,
  groupCoordinators: 0,
  memberCrashes: 0,
  compactedRecords: 0,
  tablesRead: 0,
  events: 0,
});

export function addCounts(sum: Counters, counts: Counters): void {
  for (const name of Object.keys(sum) as (keyof Counters)[]) sum[name] += counts[name];
}
