/**
 * What must hold, whatever fails: the name of each way in which it may not, and what it says. The number in front is that of the
 * promise, as README.md lists them.
 */
export const invariants = {
  '1 acknowledged record lost': 'a record that was acknowledged with acks=-1 is not there any more',
  '2 committed record changed': 'a committed offset holds another record than before',
  '2 last value lost': 'a compacted partition lacks the last record of a key',
  '3 high watermark fell': "a leader's high watermark fell within its epoch",
  '3 read above high watermark': 'a consumer was given a record that is not committed',
  '4 replicas disagree': 'a member of the ISR lacks a committed record, or has another in its place',
  '4 truncated committed': 'a replica cut off a committed record',
  '5 leader epoch fell': "a partition's leader epoch did not rise with its leader",
  '5 two leaders': 'two brokers accepted records in one leader epoch',
  '5 elected out of sync': 'a broker leads that was neither in the ISR nor eligible, and nobody allowed it',
  '6 appended twice': 'the records of an idempotent producer are there twice',
  '8 two owners': 'a partition was given to two members of a group in one generation',
  '8 stale commit accepted': 'a commit of an earlier generation was accepted after a later one had begun',
  '8 committed offset went back': 'a coordinator tells an older committed offset than the last one',
  '9 two controllers': 'two nodes led the quorum in one epoch',
  '9 quorum epoch fell': 'a node went back to an earlier epoch of the quorum',
  '9 committed metadata lost': 'committed metadata is not there any more, or differs between nodes',
  '10 directory does not open': 'a node does not start on what a crash left',
  '11 stuck': 'some time after the last fault was mended, something still does not go on',
  '11 grows without end': 'something is kept that nobody waits for any more',
} as const;
export type Invariant = keyof typeof invariants;

/** The cluster broke a promise. `name` says which. */
export class InvariantError extends Error {
  override readonly name: Invariant;

  constructor(invariant: Invariant, detail: string) {
    super(`${invariants[invariant]}: ${detail}`);
    this.name = invariant;
  }
}
