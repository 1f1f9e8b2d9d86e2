import type { Output } from './output.js';

/** Quick commands show nothing; everything else shows something within 100 ms. */
const SHOW_AFTER_MS = 50;

export interface Progress {
  /** Shows it, once the work has taken some time. */
  readonly update: (text: string) => void;
  /** Leaves nothing that moves on the screen. */
  readonly stop: () => void;
}

/** What a terminal shows on stderr while something takes time. Ora is loaded when there is something to wait for. */
export function createProgress({ progress, say }: Pick<Output, 'progress' | 'say'>, stderr: NodeJS.WritableStream): Progress {
  let text = '';
  let timer: NodeJS.Timeout | undefined;
  let spinner: { text: string; stop: () => void } | undefined;

  async function show(): Promise<void> {
    if (progress === 'line') return say(text);
    const { default: ora } = await import('ora');
    // Stopped while ora was loading. It must leave stdin alone: reading there would take Ctrl-C from the runner.
    if (timer !== undefined) spinner = ora({ text, stream: stderr, discardStdin: false, isEnabled: true }).start();
  }
  return {
    update: (next) => {
      text = next;
      if (spinner) spinner.text = next;
      else if (progress !== 'none') timer ??= setTimeout(show, SHOW_AFTER_MS);
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
      spinner?.stop();
      spinner = undefined;
    },
  };
}
