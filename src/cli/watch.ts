import { setTimeout as sleep } from 'node:timers/promises';
import type { Command, Following } from '../commands/command.js';
import { UsageError } from '../model/errors.js';
import { render } from '../render/render.js';
import { cutToWidth } from './cut-to-width.js';
import { interruptedCode } from './ending.js';
import { exitCodes } from './exit-codes.js';
import type { Writer } from './host.js';
import { InterruptedError, orInterrupted } from './interruption.js';
import { failureMessages, failuresIn } from './messages.js';
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
 * `--watch`: a query's rows in the place of those before them, every second or `--interval`, until Ctrl-C, which is no failure; a terminal that
 * changes its size is drawn anew at once. Throws UsageError where there is no terminal that can redraw, and what the query throws.
 */
export async function watchQuery(
  command: Extract<Command, { readonly kind: 'query' }>,
  ports: OpenPorts['ports'],
  options: unknown,
  session: Session,
): Promise<number> {
  const { output, progress, interruption, invocation, host } = session;
  const intervalMs = invocation.values.interval ?? INTERVAL_MS;
  const { signal } = interruption;
  const following = command.follow?.(options) ?? { view: () => command.viewFor?.(options) ?? command.view };
  if (!output.canRedraw) throw new UsageError('--watch needs a terminal', 'call it again and again without --watch');
  let frame: string | undefined;
  const draw = async (begin: string) => {
    if (frame !== undefined) await output.print(`${begin}${fitted(frame, host.stdout)}${ERASE_BELOW}`);
  };
  // The terminal has moved what stood on it. Whether the output is closed shows at the next look.
  const drawAnew = () => void draw(`${HOME}${ERASE_BELOW}`).catch(() => {});
  host.stdout.on('resize', drawAnew);
  try {
    for (let isFirst = true; ; isFirst = false) {
      frame = await orInterrupted(signal, frameOf(command, ports, options, session, following));
      progress.stop();
      await draw(isFirst ? `${HOME}${ERASE_BELOW}` : HOME);
      // The signal ends the sleep too, and orInterrupted says so.
      await orInterrupted(
        signal,
        sleep(intervalMs, undefined, { signal }).catch(() => {}),
      );
    }
  } catch (error) {
    if (error instanceof InterruptedError) return interruption.received() === 'SIGINT' ? exitCodes.done : interruptedCode(session);
    throw error;
  } finally {
    host.stdout.off('resize', drawAnew);
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
  const notes: string[] = [];
  // Printed as they come they would stand in the middle of it.
  const rows = await command.run(ports, options, { ...runOf(session), note: (message) => notes.push(`${message}\n`) });
  const view = following.view(rows, performance.now());
  const shown = await render(rows, resultView(view), { format, hasColor: output.hasColor.stdout });
  return [shown, ...failureMessages(failuresIn(rows, view)).map((message) => `${message}\n`), ...notes].join('');
}

/** As many lines, and of each as much, as there is room for: a screen that wrapped or scrolled could not be drawn over. */
function fitted(frame: string, { rows, columns }: Pick<Writer, 'rows' | 'columns'>): string {
  const lines = frame.replace(/\n$/, '').split('\n');
  return (
    lines
      .slice(0, (rows || Number.POSITIVE_INFINITY) - 1)
      // Erased first: after a line that is as wide as the terminal some erase its last character.
      .map((line) => `${ERASE_LINE}${cutToWidth(line, columns || Number.POSITIVE_INFINITY)}\n`)
      .join('')
  );
}
