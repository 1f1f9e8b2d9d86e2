import { UsageError } from '../model/errors.js';
import { document } from './command.js';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export const completion = document({
  needs: 'machine',
  summary: 'Print the completion script of a shell',
  details: `Put it where the shell looks for it:
  bash  kafka-ts completion bash > ~/.local/share/bash-completion/completions/kafka-ts
  zsh   kafka-ts completion zsh > "\${fpath[1]}/_kafka-ts"
  fish  kafka-ts completion fish > ~/.config/fish/completions/kafka-ts.fish`,
  arguments: [{ name: 'shell', describe: shells.join(', '), required: true, choices: shells }],
  options: {},
  examples: ['kafka-ts completion bash', 'kafka-ts completion fish | source'],
  parse: ([name]): Shell => {
    const shell = shells.find((known) => known === name);
    if (shell === undefined) throw new UsageError(`there is no completion for '${name}'`, `choose one of ${shells.join(', ')}`);
    return shell;
  },
  run: async ({ completionScript }, shell) => ({ shell, script: await completionScript(shell) }),
  view: {
    columns: [
      { head: 'SHELL', cell: ({ shell }) => shell },
      { head: 'SCRIPT', cell: ({ script }) => script },
    ],
    name: ({ shell }) => shell,
    text: ({ script }) => script,
  },
});
