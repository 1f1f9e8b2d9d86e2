import { setTimeout as sleep } from 'node:timers/promises';
import type { Command, Following } from '../commands/command.js';
import { UsageError } from '../model/errors.js';
import { render } from '../render/render.js';
import { interruptedCode } from './ending.js';
import { exitCodes } from './exit-codes.js';
import { InterruptedError, orInterrupted } from './interruption.js';
import { failureMessage } from './messages.js';
import type { OpenPorts } from './open-ports.js';
import { resultView } from './outcome-view.js';
import { runOf, type Session } from './session.js';
import type { SharedValues } from './shared-options.js';

/** Between two looks, where nobody says otherwise, and at least. */
const INTERVAL_MS = 1_000;
const MIN_INTERVAL_MS = 100;

/** Throws UsageError for `--interval` without `--watch`, and for one that is too short to be looked at. */
export function checkInterval({ watch, interval }: Pick<SharedValues, 'watch' | 'interval'>): void {
  if (interval === undefined) return;
  if (!watch) throw new UsageError('--interval is for --watch', 'add --watch, or leave it out');
  if (interval < MIN_INTERVAL_MS) throw new UsageError(`--interval of ${interval} ms is too short`, `it is at least ${MIN_INTERVAL_MS}ms`);
}

// ECMA-48: to the top left, erase to the end of the line, erase to the end of the screen.
const HOME = '\x1b[H';
const ERASE_LINE = '\x1b[K';
const ERASE_BELOW = '\x1b[J';

/**
 * `--watch`: a query's rows in the place of those before them, every second or `--interval`, until Ctrl-C, which is no failure. Throws UsageError where
 * there is no terminal that can redraw, and what the query throws.
 */
export async function watchQuery(
  command: Extract<Command, { readonly kind: 'query' }>,
  ports: OpenPorts['ports'],
  options: unknown,
  session: Session,
): Promise<number> {
  const { output, progress, interruption, invocation } = session;
  const intervalMs = invocation.values.interval ?? INTERVAL_MS;
  const { signal } = interruption;
  const following = command.follow?.(options) ?? { view: () => command.viewFor?.(options) ?? command.view };
  if (!output.canRedraw) throw new UsageError('--watch needs a terminal', 'call it again and again without --watch');
  try {
    for (let isFirst = true; ; isFirst = false) {
      const frame = await orInterrupted(signal, frameOf(command, ports, options, session, following));
      progress.stop();
      await output.print(`${isFirst ? `${HOME}${ERASE_BELOW}` : HOME}${fitted(frame, session)}${ERASE_BELOW}`);
      // The signal ends the sleep too, and orInterrupted says so.
      await orInterrupted(
        signal,
        sleep(intervalMs, undefined, { signal }).catch(() => {}),
      );
    }
  } catch (error) {
    if (error instanceof InterruptedError) return interruption.received() === 'SIGINT' ? exitCodes.done : interruptedCode(session);
    throw error;
  }
}

async function frameOf(
  command: Extract<Command, { readonly kind: 'query' }>,
  ports: OpenPorts['ports'],
  options: unknown,
  session: Session,
  following: Following<object>,
): Promise<string> {
  const { output, format } = session;
  const rows = await command.run(ports, options, runOf(session));
  const view = following.view(rows, performance.now());
  const shown = await render(rows, resultView(view), { format, hasColor: output.hasColor.stdout });
  const failures = rows.flatMap((row) => (row.error === null ? [] : [`${failureMessage(view.name(row), row.error)}\n`]));
  return [shown, ...failures].join('');
}

/** Whole lines, as many as there is room for below one another: a screen that scrolled could not be drawn over. */
function fitted(frame: string, { host }: Session): string {
  const room = (host.stdout.rows || Number.POSITIVE_INFINITY) - 1;
  const lines = frame.replace(/\n$/, '').split('\n');
  return lines
    .slice(0, room)
    .map((line) => `${line}${ERASE_LINE}\n`)
    .join('');
}
