import type { Command } from '../commands/command.js';
import type { KafkaFailure } from '../model/outcome.js';
import { prepareRender, render } from '../render/render.js';
import { confirmStream } from './confirm-stream.js';
import { endUnchanged, endWithFailures, interruptedCode, sayError } from './ending.js';
import { exitCodes } from './exit-codes.js';
import type { Host } from './host.js';
import { InterruptedError, listenForInterruption, orInterrupted } from './interruption.js';
import type { Invocation } from './invocation.js';
import { failureMessages, failuresIn } from './messages.js';
import { openPorts } from './open-ports.js';
import { resultView } from './outcome-view.js';
import { ClosedOutputError, createOutput } from './output.js';
import { createProgress } from './progress.js';
import { runChange } from './run-change.js';
import { runOf, type Session, streamRunOf } from './session.js';
import { checkInterval, watchQuery } from './watch.js';

/** Runs a command line to its end, prints all of it, and gives the exit code. Never throws. */
export async function run(invocation: Invocation, command: Command, host: Host): Promise<number> {
  const { values } = invocation;
  const output = createOutput(host, values);
  const passesSignals = command.kind === 'stream' && command.passesSignals === true;
  const interruption = listenForInterruption(passesSignals ? { ...host, endNow: () => {} } : host);
  const progress = createProgress(output, host.stderr);
  // Metrics are for queries that have them alone, and no form of rows.
  const format = values.output === 'prometheus' ? 'table' : (values.output ?? 'table');
  const session: Session = { invocation, host, output, progress, interruption, format };
  try {
    return await runCommand(command, session);
  } catch (error) {
    progress.stop();
    if (error instanceof ClosedOutputError) return exitCodes.done;
    if (error instanceof InterruptedError) {
      const isEndOfStream = command.kind === 'stream' && command.endsByInterrupt === true && interruption.received() === 'SIGINT';
      if (isEndOfStream) return exitCodes.done;
      // A change comes here only before it begins: from then on it tells itself what it did (run-change.ts).
      output.say(command.kind === 'change' ? 'kafka-ts: interrupted, nothing changed' : 'kafka-ts: interrupted');
      return interruptedCode(session);
    }
    return sayError(error, session);
  } finally {
    progress.stop();
    interruption.stopListening();
  }
}

async function runCommand(command: Command, session: Session): Promise<number> {
  const { invocation, output, progress, interruption, format } = session;
  checkInterval(invocation.values);
  const options = command.parse(invocation.args, invocation.values);
  const { ports, clusterId, confirmsName, close } = await orInterrupted(interruption.signal, openPorts(command, session));
  try {
    switch (command.kind) {
      case 'query': {
        if (invocation.values.watch) return await watchQuery(command, ports, options, session);
        const rows = await whileWaiting(session, command.run(ports, options, runOf(session)));
        progress.stop();
        const shown = format === 'name' ? rows.filter(({ error }) => error === null) : rows;
        const view = command.viewFor?.(options) ?? command.view;
        const metrics = invocation.values.output === 'prometheus' ? command.metrics?.(rows) : undefined;
        await output.print(metrics ?? (await render(shown, resultView(view), { format, hasColor: output.hasColor.stdout })));
        const failures = failuresIn(rows, view);
        // Only here the rows do not tell of failures.
        for (const message of failureMessages(failures, format === 'name' ? failures.length : undefined)) output.say(message);
        const unmet = command.unmet?.(rows, options);
        if (unmet !== undefined) output.say(`kafka-ts: ${unmet}`);
        if (failures.length === 0 && unmet !== undefined) return exitCodes.conditionUnmet;
        return endWithFailures(
          failures.map(({ error }) => error),
          session,
        );
      }
      case 'document': {
        const row = await whileWaiting(session, command.run(ports, options, runOf(session)));
        progress.stop();
        await output.print(await render([row], command.view, { format, hasColor: output.hasColor.stdout, isDocument: true }));
        const failures = command.failures?.(row) ?? [];
        for (const message of failureMessages(failures)) output.say(message);
        return endWithFailures(
          failures.map(({ error }) => error),
          session,
        );
      }
      case 'change':
        return await runChange({ command, ports, options, clusterId, confirmsName, session });
      case 'stream': {
        progress.stop();
        const answer = await confirmStream(command, options, confirmsName, session);
        if (answer !== 'yes') return endUnchanged(answer, session);
        const failures: KafkaFailure[] = [];
        const code = await command.run(ports, options, streamRunOf(session, failures));
        const codeOfFailures = endWithFailures(failures, session);
        return code === exitCodes.done ? codeOfFailures : code;
      }
    }
  } finally {
    await close();
  }
}

async function whileWaiting<T>({ interruption, format }: Session, work: Promise<T>): Promise<T> {
  const [result] = await Promise.all([orInterrupted(interruption.signal, work), prepareRender(format)]);
  return result;
}
