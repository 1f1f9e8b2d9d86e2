import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { OptionSpec } from '../commands/option.js';
import { UsageError } from '../model/errors.js';
import type { Invocation } from './invocation.js';
import type { CommandManifest, Manifest } from './manifest.js';
import { absentValue, parseOptionValue } from './option-value.js';

/** The command tree. `run` gets each command line that is well-formed; `now` is in milliseconds since the epoch. */
export function createProgram(manifest: Manifest, run: (invocation: Invocation) => Promise<void>, now: () => number): Command {
  const program = new Command('kafka-ts')
    .description('Administer Apache Kafka clusters, and carry one inside.')
    .version(manifest.version, '-V, --version', 'print the version')
    .helpCommand(false);
  configure(program);
  const nouns = new Map<string, Command>();
  for (const [noun, { summary, aliases }] of Object.entries(manifest.nouns)) {
    const command = configure(
      new Command(noun)
        .description(summary)
        .aliases([...aliases])
        .helpCommand(false),
    );
    program.addCommand(command);
    nouns.set(noun, command);
  }
  for (const entry of manifest.commands) {
    const [noun = '', verb] = entry.path.split(' ');
    const parent = verb === undefined ? program : nouns.get(noun);
    parent?.addCommand(createCommand(verb ?? noun, entry, manifest, run, now));
  }
  return program;
}

function configure(command: Command): Command {
  return command
    .exitOverride()
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError(`Try '${command.name()} --help'.`)
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'kafka-ts: ')) });
}

function createCommand(
  name: string,
  entry: CommandManifest,
  manifest: Manifest,
  run: (invocation: Invocation) => Promise<void>,
  now: () => number,
): Command {
  const command = configure(new Command(name).summary(entry.summary));
  command.description(entry.details === undefined ? entry.summary : `${entry.summary}\n\n${entry.details}`);
  command.addHelpText('after', `\nExamples:\n${entry.examples.map((example) => `  $ ${example}`).join('\n')}`);
  for (const { name: argument, describe, required, repeatable } of entry.arguments) {
    const word = repeatable ? `${argument}...` : argument;
    command.addArgument(new Argument(required ? `<${word}>` : `[${word}]`, describe));
  }
  const options = Object.entries(entry.options).map(([key, spec]) => ({ key, spec, option: createOption(key, spec, now) }));
  for (const { option } of options) command.addOption(option);

  return command.action(async () => {
    const given = options.filter(({ option }) => command.getOptionValueSource(option.attributeName()) === 'cli');
    const values = new Map(given.map(({ key, option }) => [key, option.negate ? true : command.getOptionValue(option.attributeName())]));
    const runner = given.find(({ spec }) => spec.runs !== undefined);
    const target = runner === undefined ? entry : manifest.commands.find(({ path }) => path === runner.spec.runs);
    if (target === undefined) throw new Error(`the manifest lacks ${runner?.spec.runs}`);
    const foreign = given.find(({ key }) => target.options[key] === undefined);
    if (foreign !== undefined) {
      command.error(`error: ${runner?.option.long} is '${target.path}' and cannot be combined with ${foreign.option.long}`);
    }
    await run({
      path: target.path,
      args: command.args,
      values: Object.fromEntries(
        Object.entries(target.options).map(([key, spec]) => [key, values.get(key) ?? absentValue(spec)]),
      ) as Invocation['values'],
    });
  });
}

function createOption(key: string, spec: OptionSpec, now: () => number): Option {
  const flag = `${spec.short === undefined ? '' : `-${spec.short}, `}--${flagOf(key)}`;
  if (spec.type === 'boolean') return new Option(flag, spec.describe);
  if (spec.type === 'count') {
    return new Option(flag, spec.describe).argParser((_text, previous: number | undefined) => (previous ?? 0) + 1);
  }
  const option = new Option(`${flag} <${spec.value ?? 'VALUE'}>`, spec.describe);
  if (spec.required) option.makeOptionMandatory();
  return option.argParser((text, previous: unknown) => {
    try {
      return parseOptionValue(spec, text, previous, now());
    } catch (error) {
      throw error instanceof UsageError ? new InvalidArgumentError(error.message) : error;
    }
  });
}

/** `ifNotExists` is `if-not-exists`. */
export const flagOf = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
