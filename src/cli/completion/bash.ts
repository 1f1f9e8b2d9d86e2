import type { CommandManifest, Manifest } from '../manifest.js';
import { argumentChoices, CONTEXT_NAMES, type CompletedOption, firstWords, optionsOf, takesContext, verbsOf } from './words.js';

/** Needs bash alone, not the bash-completion package. */
export function bashCompletion(manifest: Manifest): string {
  return `# bash completion for kafka-ts. Generated: kafka-ts completion bash
_kafka_ts() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} first=\${COMP_WORDS[1]} second=\${COMP_WORDS[2]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${[...firstWords(manifest).map(({ word }) => word), '--help', '--version'].join(' ')}' -- "$current"))
    return
  fi
  case $first in
${aliases(manifest)}  esac
  if ((COMP_CWORD == 2)); then
    case $first in
${Object.keys(manifest.nouns)
  .map(
    (noun) =>
      `      ${noun}) COMPREPLY=($(compgen -W '${[...verbsOf(manifest, noun).map(({ word }) => word), '--help'].join(' ')}' -- "$current")) && return ;;`,
  )
  .join('\n')}
    esac
  fi
  case "$first $second" in
${manifest.commands.map(commandCase).join('\n')}
  esac
}
complete -F _kafka_ts kafka-ts
`;
}

const aliases = ({ nouns }: Manifest): string =>
  Object.entries(nouns)
    .filter(([, { aliases }]) => aliases.length > 0)
    .map(([noun, { aliases }]) => `    ${aliases.join(' | ')}) first=${noun} ;;\n`)
    .join('');

function commandCase(command: CommandManifest): string {
  const options = optionsOf(command);
  const words = options.flatMap(({ long, short }) => [long, ...(short === null ? [] : [short])]);
  const pattern = command.path.includes(' ') ? `'${command.path}'` : `'${command.path} '*`;
  return `    ${pattern})
      case $previous in
${options
  .filter(({ value }) => value !== null)
  .map(valueCase)
  .join('\n')}
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$current"))
      else
        COMPREPLY=($(compgen -W ${takesContext(command) ? contextWords : `'${argumentChoices(command).join(' ')}'`} -- "$current"))
      fi
      ;;`;
}

const contextWords = `"$(${CONTEXT_NAMES}) embedded"`;

function valueCase({ long, short, value }: CompletedOption): string {
  const flags = short === null ? long : `${long} | ${short}`;
  const given = {
    choices: `COMPREPLY=($(compgen -W '${value?.choices.join(' ')}' -- "$current")) && return`,
    files: 'COMPREPLY=($(compgen -f -- "$current")) && return',
    directories: 'COMPREPLY=($(compgen -d -- "$current")) && return',
    contexts: `COMPREPLY=($(compgen -W ${contextWords} -- "$current")) && return`,
    free: 'return',
  }[value?.kind ?? 'free'];
  return `        ${flags}) ${given} ;;`;
}
