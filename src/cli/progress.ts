import type { Output } from './output.js';

/** Quick commands show nothing; everything else shows something within 100 ms. */
const SHOW_AFTER_MS = 50;

export interface Progress {
  /** Starts the spinner where it does not turn yet. */
  readonly update: (text: string) => void;
  /** Leaves nothing on the screen. */
  readonly stop: () => void;
}

/** A spinner on stderr, on a terminal that can redraw a line; nothing elsewhere. Ora is loaded when there is something to wait for. */
export function createProgress({ canAnimate }: Pick<Output, 'canAnimate'>, stderr: NodeJS.WritableStream): Progress {
  let text = '';
  let timer: NodeJS.Timeout | undefined;
  let spinner: { text: string; stop: () => void } | undefined;

  async function show(): Promise<void> {
    const { default: ora } = await import('ora');
    // Stopped while ora was loading. It must leave stdin alone: reading there would take Ctrl-C from the runner.
    if (timer !== undefined) spinner = ora({ text, stream: stderr, discardStdin: false, isEnabled: true }).start();
  }
  return {
    update: (next) => {
      text = next;
      if (spinner) spinner.text = next;
      else if (canAnimate) timer ??= setTimeout(show, SHOW_AFTER_MS);
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
      spinner?.stop();
      spinner = undefined;
    },
  };
}
