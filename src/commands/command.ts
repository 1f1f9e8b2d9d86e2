import type { Readable } from 'node:stream';
import type { KafkaFailure, Outcome, Result } from '../model/outcome.js';
import type { View } from '../render/view.js';
import type { ArgumentSpec, Options, Values } from './option.js';
import type { Need, Ports } from './ports.js';

/**
 * What a command declares. The runner in `cli/` does everything else: target, question, dry run, journal, progress,
 * output, exit code. The path is the name: `commands/topics/list.ts` is `kafka-ts topics list`.
 */
export type Command =
  | ({ readonly kind: 'query' } & Query<Need, Options, unknown, object, unknown>)
  | ({ readonly kind: 'document' } & Document<Need, Options, unknown, object, unknown>)
  | ({ readonly kind: 'change' } & Change<Need, Options, unknown, object, unknown, unknown, object, unknown>)
  | ({ readonly kind: 'stream' } & Stream<Need, Options, unknown>);
// The functions below are declared as methods, whose parameters TypeScript compares both ways: so each command is a `Command`
// to the runner, which hands what one of its functions gave only to its others.

interface Declaration<N extends Need, S extends Options, O> {
  /**
   * `cluster`: a connected admin client, and the options that say which cluster. `optional-cluster`: the same, when the command asks
   * for it. `machine`: this machine alone.
   */
  readonly needs: N;
  /** One line, imperative, without a full stop. */
  readonly summary: string;
  /** Paragraphs below the summary in the command's help. */
  readonly details?: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: S;
  /** Whole command lines; a test runs each through `parse`. */
  readonly examples: readonly string[];
  /** Typed values to options. Throws UsageError; sees no network, no clock, no terminal. */
  parse(args: readonly string[], values: Values<S>): O;
  /** Starts the embedded cluster where no other is configured; other commands only use one that runs. */
  readonly startsEmbedded?: true;
}

/** Reads and shows rows. A row that could not be learned carries `error`, and every other field that is unknown is null. */
export interface Query<N extends Need, S extends Options, O, Row, Line> extends Declaration<N, S, O> {
  run(ports: Ports<N>, options: O, run: Run): Promise<readonly Result<Row>[]>;
  readonly view: View<Result<Row>, Line>;
  /** Of a condition that the options set, what the rows say against it: exit code 5, where nothing failed. */
  unmet?(rows: readonly Result<Row>[], options: O): string | undefined;
  /** `-o prometheus`: the rows as metrics, whole lines. */
  metrics?(rows: readonly Result<Row>[]): string;
  /** `--watch` shows it again and again: for what changes by itself. */
  readonly canWatch?: true;
  /** In the place of `view` where the options say what a row is, such as `--group-by`. */
  viewFor?(options: O): View<Result<Row>, unknown> | undefined;
  /** In the place of both under `--watch`, to show how rows change: made once. */
  follow?(options: O): Following<Row>;
}

export interface Following<Row> {
  /** For each look; `atMs` is when the rows were read, by a steady clock. */
  view(rows: readonly Result<Row>[], atMs: number): View<Result<Row>, unknown>;
}

/** A query whose answer is one object: a plan, a snapshot. */
export interface Document<N extends Need, S extends Options, O, Row, Line> extends Declaration<N, S, O> {
  run(ports: Ports<N>, options: O, run: Run): Promise<Row>;
  readonly view: View<Row, Line>;
  /** What could not be learned, which the document tells too: said on stderr, and in the exit code. */
  failures?(row: Row): readonly { readonly name: string; readonly error: KafkaFailure }[];
}

export type Danger = 'mild' | 'moderate' | 'severe';

export interface Change<N extends Need, S extends Options, O, Row, Line, Facts, Answer, AnswerLine> extends Declaration<N, S, O> {
  /**
   * Reads the cluster and says what would change, one row per item: `planned`, or already `not-needed` or `failed`.
   * Sends no mutating request (validate-only ones are none).
   */
  plan(ports: Ports<N>, options: O, run: Run): Promise<readonly Outcome<Row>[] | Plan<Row, Facts>>;
  /** Of the planned rows, of which there is at least one: mild runs at once, moderate asks, severe wants the name typed. */
  danger(rows: readonly Row[], options: O): Danger;
  /** What the question says will happen and cannot be taken back, such as `their records will be lost`. */
  warning?(rows: readonly Row[], options: O): string | undefined;
  /** The one thing that is changed, where rows are of what is in it: its name is what a question wants typed. */
  subject?(options: O): string;
  /** Yields each planned row's outcome as it comes. When `run.signal` fires it ends soon; the runner reports the rest as skipped. */
  apply(ports: Ports<N>, rows: readonly Row[], options: O, run: Run): AsyncIterable<Outcome<Row>>;
  /** How to take a row back, for changes that can be: the runner journals it in `undoFile` before the first mutation. */
  undo?(row: Row, undoFile: string): Undo;
  readonly view: View<Row, Line>;
  /** Where the answer is one document about all rows, shown in the place of them: in the question, in a dry run and at the end. */
  readonly document?: ChangeDocument<Row, Facts, Answer, AnswerLine>;
}
/** Rows with what is known beside them, for changes whose answer is a document. */
export interface Plan<Row, Facts> {
  readonly rows: readonly Outcome<Row>[];
  readonly facts: Facts;
}
export interface ChangeDocument<Row, Facts, Answer, AnswerLine> {
  /** `undoFile` is its path, null where none was written. */
  of(rows: readonly Outcome<Row>[], facts: Facts, undoFile: string | null): Answer;
  readonly view: View<Answer, AnswerLine>;
}
export interface Undo {
  readonly before: unknown;
  readonly after: unknown;
  /** The command line that takes it back. */
  readonly command: string;
}

/** Goes on until told to stop. */
export interface Stream<N extends Need, S extends Options, O> extends Declaration<N, S, O> {
  /**
   * Resolves with the exit code. Rejects with `run.signal`'s reason where that ended it, and otherwise as other commands do; what it
   * did until then it has said itself.
   */
  run(ports: Ports<N>, options: O, run: StreamRun): Promise<number>;
  /** Whether it changes the cluster: then the person is told which, and a read-only one is left alone. */
  changes?(values: Values<S>): boolean;
  /** What it changes then: where a context wants the name of what is changed, this. */
  subject?(options: O): string;
  /** Whether stdin carries what it works on, so that nothing can be asked there. */
  readsInput?(options: O): boolean;
  /** Ctrl-C is how one ends it, and no failure. */
  readonly endsByInterrupt?: true;
  /** A second Ctrl-C is meant for what it runs and does not end it. */
  readonly passesSignals?: true;
}

/** What a stream reads and writes besides. */
export interface StreamRun extends Run {
  /**
   * Writes data to stdout and resolves once it is handed on: so a slow reader slows the work. Rejects where the reader is gone, which is
   * no failure and is to be passed on.
   */
  readonly print: (data: string | Uint8Array) => Promise<void>;
  /** A terminal must not be steered by what a cluster holds. */
  readonly printsToTerminal: boolean;
  /** Says that a part of the work failed, which the exit code will tell where the command gives 0. */
  readonly fail: (name: string, failure: KafkaFailure) => void;
  /** Opens stdin. */
  readonly input: () => Readable;
  readonly isInputTerminal: boolean;
}

export interface Run {
  /** Fires on Ctrl-C, on SIGTERM and when `--wait` has passed. */
  readonly signal: AbortSignal;
  /** Shows how far the work is, on a terminal only. */
  readonly report: (done: number, of: number, what: string) => void;
  /** A message for the person, on stderr. */
  readonly note: (message: string) => void;
  /** Whether the output has every fact, as JSON has: what a table does not show need not be asked for. */
  readonly showsAll: boolean;
}

export const query = <const N extends Need, const S extends Options, O, Row, Line = Result<Row>>(command: Query<N, S, O, Row, Line>) =>
  ({ kind: 'query', ...command }) as const;
export const document = <const N extends Need, const S extends Options, O, Row, Line = Row>(command: Document<N, S, O, Row, Line>) =>
  ({ kind: 'document', ...command }) as const;
export const change = <
  const N extends Need,
  const S extends Options,
  O,
  Row,
  Line = Row,
  Facts = undefined,
  Answer = never,
  AnswerLine = Answer,
>(
  command: Change<N, S, O, Row, Line, Facts, Answer, AnswerLine>,
) => ({ kind: 'change', ...command }) as const;
export const stream = <const N extends Need, const S extends Options, O>(command: Stream<N, S, O>) =>
  ({ kind: 'stream', ...command }) as const;
