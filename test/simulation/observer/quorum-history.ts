import type { Quorum } from '../../../src/broker/controller/quorum.js';
import type { MetadataRecord } from '../../../src/protocol/metadata-records/metadata-record.js';
import type { Counters } from '../counters.js';
import { InvariantError } from '../invariants.js';
import type { Trace } from '../trace.js';
import type { Watching } from './partition-history.js';

const READ_BYTES = 1 << 20;

/** The metadata log as it was committed, and who led it. */
export class QuorumHistory {
  /** All below is committed. */
  committedEnd = 0n;
  /** What each batch ended with, and the epoch that wrote it. */
  readonly #batches: { readonly lastOffset: bigint; readonly leaderEpoch: number }[] = [];
  readonly #leaders = new Map<number, number>();
  /** The highest epoch that each node knew, over all its lives. */
  readonly #epochs = new Map<number, number>();
  readonly #apply: (record: MetadataRecord) => void;
  readonly #counters: Counters;
  readonly #trace: Trace;

  constructor(apply: (record: MetadataRecord) => void, { counters, trace }: Watching) {
    this.#apply = apply;
    this.#counters = counters;
    this.#trace = trace;
  }

  /** Looks at one node's part of the quorum, after an event of that node. Throws InvariantError. */
  see(nodeId: number, quorum: Quorum): void {
    const { leaderEpoch, leaderId, highWatermark } = quorum;
    const known = this.#epochs.get(nodeId) ?? -1;
    if (leaderEpoch < known) throw new InvariantError('9 quorum epoch fell', `on node ${nodeId} from ${known} to ${leaderEpoch}`);
    if (leaderEpoch > known) this.#epochs.set(nodeId, leaderEpoch);
    if (leaderId === nodeId && this.#leaders.get(leaderEpoch) !== nodeId) this.#seeLeader(nodeId, quorum);
    if (highWatermark > this.committedEnd) this.#seeCommitted(quorum);
  }

  #seeLeader(nodeId: number, { leaderEpoch, endOffset }: Quorum): void {
    const other = this.#leaders.get(leaderEpoch);
    if (other !== undefined) throw new InvariantError('9 two controllers', `${other} and ${nodeId} lead in epoch ${leaderEpoch}`);
    this.#leaders.set(leaderEpoch, nodeId);
    this.#trace.add('quorum: node', nodeId, 'leads in epoch', leaderEpoch, 'from', endOffset);
    if (this.#leaders.size > 1) this.#counters.controllerChanges++;
    if (endOffset < this.committedEnd) {
      throw new InvariantError(
        '9 committed metadata lost',
        `node ${nodeId} leads with ${endOffset} of ${this.committedEnd} committed records`,
      );
    }
  }

  #seeCommitted({ highWatermark, read }: Quorum): void {
    while (this.committedEnd < highWatermark) {
      const batches = read(this.committedEnd, highWatermark, READ_BYTES);
      if (batches.length === 0) throw new InvariantError('9 committed metadata lost', `nothing can be read at ${this.committedEnd}`);
      for (const { records, lastOffset, leaderEpoch } of batches) {
        this.#batches.push({ lastOffset, leaderEpoch });
        this.committedEnd = lastOffset + 1n;
        for (const { record } of records) this.#apply(record);
      }
    }
  }

  /** Compares a node's own copy with what was committed, from where the copy begins: a snapshot is before it. Throws InvariantError. */
  compare(nodeId: number, { highWatermark, startOffset, read }: Quorum): void {
    if (highWatermark < this.committedEnd) {
      throw new InvariantError('11 stuck', `node ${nodeId} knows ${highWatermark} of ${this.committedEnd} committed metadata records`);
    }
    let index = this.#batches.findIndex(({ lastOffset }) => lastOffset >= startOffset);
    for (let offset = startOffset; offset < this.committedEnd; ) {
      for (const { lastOffset, leaderEpoch } of read(offset, this.committedEnd, READ_BYTES)) {
        const batch = this.#batches[index++];
        if (batch?.lastOffset !== lastOffset || batch.leaderEpoch !== leaderEpoch) {
          throw new InvariantError('9 committed metadata lost', `node ${nodeId} has another batch at ${offset}`);
        }
        offset = lastOffset + 1n;
      }
    }
  }
}
