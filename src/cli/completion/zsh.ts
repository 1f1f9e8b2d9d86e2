import type { CommandManifest, Manifest } from '../manifest.js';
import { argumentChoices, CONTEXT_NAMES, type CompletedOption, firstWords, optionsOf, takesContext, verbsOf, type Word } from './words.js';

export function zshCompletion(manifest: Manifest): string {
  return `#compdef kafka-ts
# zsh completion for kafka-ts. Generated: kafka-ts completion zsh
_kafka-ts() {
  if ((CURRENT == 2)); then
    local -a first=(${described(firstWords(manifest))})
    _describe 'command' first
    return
  fi
  case $words[2] in
${Object.entries(manifest.nouns)
  .map(([noun, { aliases }]) => nounCase(manifest, noun, aliases))
  .join('\n')}
${manifest.commands
  .filter(({ path }) => !path.includes(' '))
  .map((command) => `    ${command.path})\n      ${argumentsOf(command, 1, '      ')}\n      ;;`)
  .join('\n')}
  esac
}
if [[ $funcstack[1] == _kafka-ts ]]; then
  _kafka-ts "$@"
else
  compdef _kafka-ts kafka-ts
fi
`;
}

const described = (words: readonly Word[]): string =>
  `${words.map(({ word, describe }) => `\n      ${quote(`${word}:${describe.replaceAll(':', '\\:')}`)}`).join('')}\n    `;

function nounCase(manifest: Manifest, noun: string, aliases: readonly string[]): string {
  const commands = manifest.commands.filter(({ path }) => path.startsWith(`${noun} `));
  return `    ${[noun, ...aliases].join(' | ')})
      if ((CURRENT == 3)); then
        local -a verbs=(${described(verbsOf(manifest, noun)).replaceAll('\n', '\n    ')})
        _describe 'verb' verbs
        return
      fi
      case $words[3] in
${commands.map((command) => `        ${command.path.split(' ')[1]})\n          ${argumentsOf(command, 2, '          ')}\n          ;;`).join('\n')}
      esac
      ;;`;
}

/** `shift` takes away the words of the path, so that _arguments counts from the command's own. */
function argumentsOf(command: CommandManifest, depth: number, indent: string): string {
  const specs = [...optionsOf(command).map(optionSpec), ...argumentSpecs(command)];
  return `shift ${depth} words\n${indent}((CURRENT -= ${depth}))\n${indent}_arguments -s -S ${specs.map((spec) => `\\\n${indent}  ${spec}`).join(' ')}`;
}

function argumentSpecs(command: CommandManifest): readonly string[] {
  const choices = argumentChoices(command);
  const action = takesContext(command) ? actions.contexts() : choices.length > 0 ? actions.choices(choices) : actions.free();
  return command.arguments.map(({ name, repeatable }) => quote(`${repeatable ? '*' : ''}:${name.replaceAll(':', '\\:')}:${action}`));
}

function optionSpec({ long, short, describe, value, repeats }: CompletedOption): string {
  const text = describe.replace(/[[\]\\]/g, '\\$&');
  const action = value === null ? '' : `:${value.name.replaceAll(':', '\\:')}:${actions[value.kind](value.choices)}`;
  const rest = `[${text}]${action}`;
  if (short === null) return quote(`${repeats ? '*' : ''}${long}${rest}`);
  const both = `{${short},${long}}`;
  return repeats ? `'*'${both}${quote(rest)}` : `${quote(`(${short} ${long})`)}${both}${quote(rest)}`;
}

const actions = {
  choices: (choices: readonly string[]) => `(${choices.join(' ')})`,
  files: () => '_files',
  directories: () => '_files -/',
  // compadd takes them as they come from a command.
  contexts: () => `{compadd -- $(${CONTEXT_NAMES}) embedded}`,
  free: () => ' ',
};

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
