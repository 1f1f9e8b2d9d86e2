import type { Log } from '../log/log.js';

/** More marks than this are joined: who waits for bytes is then told of them later, all at once. */
const MOST_MARKS = 256;

/**
 * How far a replica knows its log to be committed, and how many bytes that is. It never falls but with the log's end, when records
 * are truncated that an unclean election has taken back.
 */
export class HighWatermark {
  #offset: bigint;
  #appendedBytes = 0;
  #committedBytes = 0;
  /** Ends of appends that are not committed, with the bytes appended up to there. */
  #marks: { endOffset: bigint; appendedBytes: number }[] = [];

  /** `offset` is what the checkpoint file says; it is brought into the bounds of the log. */
  constructor(offset: bigint, { startOffset, endOffset }: Pick<Log, 'startOffset' | 'endOffset'>) {
    this.#offset = offset < startOffset ? startOffset : offset > endOffset ? endOffset : offset;
  }

  /** The first offset that is not committed. */
  get offset(): bigint {
    return this.#offset;
  }
  /** Bytes appended, and committed, in this life of the node: how who waits tells how much has come. */
  get appendedBytes(): number {
    return this.#appendedBytes;
  }
  get committedBytes(): number {
    return this.#committedBytes;
  }

  noteAppend(endOffset: bigint, sizeBytes: number): void {
    this.#appendedBytes += sizeBytes;
    const mark = { endOffset, appendedBytes: this.#appendedBytes };
    if (this.#marks.length < MOST_MARKS) this.#marks.push(mark);
    else this.#marks[MOST_MARKS - 1] = mark;
  }

  /** False where it was there already. */
  raiseTo(offset: bigint): boolean {
    if (offset <= this.#offset) return false;
    this.#offset = offset;
    let passed = 0;
    for (const { endOffset, appendedBytes } of this.#marks) {
      if (endOffset > offset) break;
      this.#committedBytes = appendedBytes;
      passed++;
    }
    if (passed > 0) this.#marks.splice(0, passed);
    return true;
  }

  /** The log was cut off at `endOffset`, or begins there anew. */
  truncateTo(endOffset: bigint): void {
    if (this.#offset > endOffset) this.#offset = endOffset;
    this.#marks = this.#marks.filter((mark) => mark.endOffset <= endOffset);
  }
  /** The log begins at `offset`, and nothing is left of what was below. */
  restartAt(offset: bigint): void {
    this.#offset = offset;
    this.#marks = [];
  }
}
