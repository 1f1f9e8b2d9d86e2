import type { CommandManifest, Manifest } from '../manifest.js';
import { argumentChoices, CONTEXT_NAMES, type CompletedOption, firstWords, optionsOf, takesContext, verbsOf } from './words.js';

export function fishCompletion(manifest: Manifest): string {
  const lines = firstWords(manifest).map(
    ({ word, describe }) => `complete -c kafka-ts -n '__kafka_ts_at' -a ${word} -d ${quote(describe)}`,
  );
  for (const noun of Object.keys(manifest.nouns)) {
    for (const { word, describe } of verbsOf(manifest, noun)) {
      lines.push(`complete -c kafka-ts -n '__kafka_ts_at ${noun}' -a ${word} -d ${quote(describe)}`);
    }
  }
  return `# fish completion for kafka-ts. Generated: kafka-ts completion fish

# Whether the words so far are just these.
function __kafka_ts_at
    set -l words (__kafka_ts_words)
    test "$words" = "$argv"
end

# Whether the words so far begin with these.
function __kafka_ts_in
    set -l words (__kafka_ts_words)
    test "$words[1..$(count $argv)]" = "$argv"
end

function __kafka_ts_words
    set -l words (commandline -opc)[2..]
${Object.entries(manifest.nouns)
  .flatMap(([noun, { aliases }]) => aliases.map((alias) => `    test "$words[1]" = ${alias}; and set words[1] ${noun}\n`))
  .join('')}    string join \\n -- $words
end

complete -c kafka-ts -f
complete -c kafka-ts -s h -l help -d 'print this help'
complete -c kafka-ts -n '__kafka_ts_at' -s V -l version -d 'print the version'
${[...lines, ...manifest.commands.flatMap(commandLines)].join('\n')}
`;
}

function commandLines(command: CommandManifest): readonly string[] {
  const condition = `complete -c kafka-ts -n '__kafka_ts_in ${command.path}'`;
  const choices = argumentChoices(command);
  return [
    ...(choices.length > 0 ? [`${condition} -a ${quote(choices.join(' '))}`] : []),
    ...(takesContext(command) ? [`${condition} -a ${contextWords}`] : []),
    ...optionsOf(command)
      .filter(({ long }) => long !== '--help')
      .map((option) => `${condition} ${optionWords(option)} -d ${quote(option.describe)}`),
  ];
}

function optionWords({ long, short, value }: CompletedOption): string {
  const flags = `-l ${long.slice(2)}${short === null ? '' : ` -s ${short.slice(1)}`}`;
  if (value === null) return flags;
  return {
    choices: `${flags} -x -a ${quote(value.choices.join(' '))}`,
    files: `${flags} -r -F`,
    directories: `${flags} -x -a '(__fish_complete_directories)'`,
    contexts: `${flags} -x -a ${contextWords}`,
    free: `${flags} -x`,
  }[value.kind];
}

const contextWords = `'(${CONTEXT_NAMES}) embedded'`;

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
