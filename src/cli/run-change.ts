import { failureOfRequest } from '../admin/answer.js';
import type { Command, Plan } from '../commands/command.js';
import type { Need, Ports } from '../commands/ports.js';
import type { KafkaFailure, Outcome } from '../model/outcome.js';
import { type Format, render } from '../render/render.js';
import { endUnchanged, endWithFailures, interruptedCode, sayError } from './ending.js';
import { exitCodes } from './exit-codes.js';
import { orInterrupted } from './interruption.js';
import { failureMessages, failuresIn } from './messages.js';
import { outcomeView } from './outcome-view.js';
import { stateDirectory } from './paths.js';
import type { Answer } from './prompt.js';
import { questionFor } from './question.js';
import { runOf, type Session } from './session.js';
import { undoFilePath, writeUndoFile } from './undo-journal.js';

type Change = Extract<Command, { kind: 'change' }>;
type Row = Outcome<object>;

interface Work {
  readonly command: Change;
  readonly ports: Ports<Need>;
  readonly options: unknown;
  readonly clusterId: () => Promise<string>;
  readonly confirmsName: () => Promise<boolean>;
  readonly session: Session;
}

/** Plans, asks, journals, applies, and shows what became of each row. Gives the exit code. */
export async function runChange(work: Work): Promise<number> {
  const { command, ports, options, session } = work;
  const { interruption, output, progress } = session;
  const made = await orInterrupted(interruption.signal, command.plan(ports, options, runOf(session)));
  progress.stop();
  const { rows: plan, facts } = 'rows' in made ? made : { rows: made, facts: undefined };
  const planned = plan.filter(({ outcome }) => outcome === 'planned');
  if (session.invocation.values.dryRun || planned.length === 0) {
    const code = await showOutcome({ rows: plan, facts }, null, work);
    const { detailedExitcode } = session.invocation.values;
    return code === exitCodes.done && detailedExitcode && planned.length > 0 ? exitCodes.conditionUnmet : code;
  }

  const answer = await question(planned, facts, work);
  if (answer !== 'yes') return endUnchanged(answer, session);
  const undoFile = await journal(planned, work);
  const { outcomes, thrown } = await apply(planned, work);
  const rows = plan.map((row) => outcomes.get(command.view.name(row)) ?? row);
  const code = await showOutcome({ rows, facts }, undoFile, work, thrown?.failure);
  if (thrown !== undefined) return sayError(thrown.error, session);
  if (interruption.received() === null) return code;
  const count = (outcome: Row['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  output.say(`kafka-ts: interrupted: ${count('done')} done, ${count('failed')} failed, ${count('skipped')} skipped`);
  return interruptedCode(session);
}

async function question(planned: readonly Row[], facts: unknown, work: Work): Promise<Answer> {
  const { command, options, confirmsName, session } = work;
  const { invocation, host, output } = session;
  const { path, values } = invocation;
  const decided = questionFor({
    path,
    names: command.subject === undefined ? planned.map((row) => command.view.name(row)) : [command.subject(options)],
    danger: command.danger(planned, options),
    isSelection: Object.entries(command.options).some(([key, { selects }]) => selects && isGiven(values[key])),
    confirmsName: await confirmsName(),
    isInteractive: output.isInteractive,
    yes: values.yes,
    confirm: values.confirm,
  });
  if (decided.kind === 'none') return 'yes';
  output.say((await answerText({ rows: planned, facts }, null, work, { format: 'table', hasColor: output.hasColor.stderr })).trimEnd());
  const { ask } = await import('./prompt.js');
  return ask(decided, command.warning?.(planned, options), {
    openStdin: host.stdin.open,
    stderr: host.stderr,
    isPlain: !output.hasColor.stderr,
    signal: session.interruption.signal,
  });
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== false;

/** Null where the command cannot be undone. Returns once the file is on disk. */
async function journal(planned: readonly Row[], { command, clusterId, session }: Work): Promise<string | null> {
  const { invocation, host, output } = session;
  const undo = command.undo?.bind(command);
  if (undo === undefined) return null;
  const now = host.now();
  const id = await clusterId();
  const path = invocation.values.undoFile ?? undoFilePath(stateDirectory(host), id, invocation.path, now);
  const rows = planned.map((row) => ({ name: command.view.name(row), ...undo(row, path) }));
  writeUndoFile(path, { formatVersion: 1, clusterId: id, takenAt: new Date(now).toISOString(), command: invocation.path, rows });
  output.say(`undo file: ${path}`);
  return path;
}

interface Applied {
  /** By name, one for each planned row. */
  readonly outcomes: ReadonlyMap<string, Row>;
  /** What ended the work early. */
  readonly thrown?: { readonly error: unknown; readonly failure: KafkaFailure };
}

async function apply(planned: readonly Row[], { command, ports, options, session }: Work): Promise<Applied> {
  const { progress, interruption } = session;
  const nameOf = (row: Row) => command.view.name(row);
  const outcomes = new Map<string, Row>();
  const restAs = (of: Pick<Row, 'outcome' | 'error'>) => {
    for (const row of planned) if (!outcomes.has(nameOf(row))) outcomes.set(nameOf(row), { ...row, ...of });
  };
  try {
    if (!interruption.signal.aborted) {
      progress.update(`${command.summary}: ${planned.length}`);
      for await (const row of command.apply(ports, planned, options, runOf(session))) outcomes.set(nameOf(row), row);
    }
    restAs({ outcome: 'skipped', error: null });
    return { outcomes };
  } catch (error) {
    // What was sent may have been done all the same: `failed` with the reason is all that is known.
    const failure = failureOfRequest(error);
    restAs({ outcome: 'failed', error: failure });
    return { outcomes, thrown: { error, failure } };
  } finally {
    progress.stop();
  }
}

/** `told`: a failure that is said, and has its exit code, once for the whole command and not for each row. */
async function showOutcome(plan: Plan<object, unknown>, undoFile: string | null, work: Work, told?: KafkaFailure): Promise<number> {
  const { command, session } = work;
  const { output, format } = session;
  await output.print(await answerText(plan, undoFile, work, { format, hasColor: output.hasColor.stdout }));
  const untold = failuresIn(plan.rows, command.view).filter(({ error }) => error !== told);
  for (const message of failureMessages(untold)) output.say(message);
  return endWithFailures(
    untold.map(({ error }) => error),
    session,
  );
}

/** The rows, or the document about them; names are those of the rows in both cases. */
function answerText(
  { rows, facts }: Plan<object, unknown>,
  undoFile: string | null,
  { command }: Work,
  form: { readonly format: Format; readonly hasColor: boolean },
): Promise<string> {
  const { document } = command;
  if (document !== undefined && form.format !== 'name') {
    return render([document.of(rows, facts, undoFile)], document.view, { ...form, isDocument: true });
  }
  const shown = command.undo === undefined ? rows : rows.map((row) => ({ ...row, undoFile }));
  return render(shown, outcomeView(command.view), form);
}
