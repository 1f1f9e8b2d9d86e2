import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { ArgumentSpec, OptionSpec } from '../commands/option.js';
import { UsageError } from '../model/errors.js';
import { flagOf } from './flag.js';
import type { Invocation } from './invocation.js';
import type { CommandManifest, Manifest } from './manifest.js';
import { absentValue, parseOptionValue } from './option-value.js';

export interface ProgramOptions {
  readonly manifest: Manifest;
  /** Gets each command line that is well-formed. */
  readonly run: (invocation: Invocation) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * The command tree. Verbs and their options are added only below what the command line names: commander takes longer to build
 * the whole tree than for all the rest.
 */
export function createProgram(options: ProgramOptions): Command {
  const { manifest } = options;
  const program = configure(new Command('kafka-ts'), 'kafka-ts')
    .description('Administer Apache Kafka clusters, and carry one inside.')
    .version(manifest.version, '-V, --version', 'print the version');
  for (const [noun, { summary, aliases }] of Object.entries(manifest.nouns)) {
    const command = configure(new Command(noun), `kafka-ts ${noun}`)
      .description(summary)
      .aliases([...aliases]);
    whenNamed(command, program, () => {
      for (const entry of manifest.commands) {
        const [first, verb] = entry.path.split(' ');
        if (first === noun && verb !== undefined) addCommand(command, verb, entry, options);
      }
    });
  }
  for (const entry of manifest.commands) if (!entry.path.includes(' ')) addCommand(program, entry.path, entry, options);
  return program;
}

/** What all levels of the tree have in common; `line` is how one comes to this one. */
function configure(command: Command, line: string): Command {
  return command
    .helpCommand(false)
    .helpOption('-h, --help', 'print this help')
    .configureHelp({ subcommandTerm: (subcommand) => subcommand.name() })
    .showHelpAfterError(`Try '${line} --help'.`)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'kafka-ts: ')) })
    .exitOverride();
}

/** Adds `command` to `parent`, and fills it before its part of the command line is parsed. */
function whenNamed(command: Command, parent: Command, fill: () => void): void {
  parent.addCommand(command);
  parent.hook('preSubcommand', (_parent, named) => {
    if (named === command) fill();
  });
}

function addCommand(parent: Command, name: string, entry: CommandManifest, { manifest, run, now }: ProgramOptions): void {
  const command = configure(new Command(name), `kafka-ts ${entry.path}`).summary(entry.summary);
  whenNamed(command, parent, () => {
    command.description(entry.details === undefined ? entry.summary : `${entry.summary}\n\n${entry.details}`);
    command.addHelpText('after', `\nExamples:\n${entry.examples.map((example) => `  $ ${example}`).join('\n')}`);
    for (const argument of entry.arguments) command.addArgument(createArgument(argument));
    const options = Object.entries(entry.options).map(([key, spec]) => ({ key, spec, option: createOption(key, spec, now) }));
    for (const { option } of options) command.addOption(option);
    command.action(() => run(understand(command, entry, options, manifest)));
  });
}

interface DeclaredOption {
  readonly key: string;
  readonly spec: OptionSpec;
  readonly option: Option;
}

/** What was typed, for the command that does it: its own, or the one that a given option `runs`. */
function understand(command: Command, entry: CommandManifest, options: readonly DeclaredOption[], manifest: Manifest): Invocation {
  const given = options.filter(({ option }) => command.getOptionValueSource(option.attributeName()) === 'cli');
  const values = new Map(given.map(({ key, option }) => [key, option.negate ? true : command.getOptionValue(option.attributeName())]));
  const other = given.find(({ spec }) => spec.runs !== undefined);
  const target = other === undefined ? entry : manifest.commands.find(({ path }) => path === other.spec.runs);
  if (target === undefined) throw new Error(`the manifest lacks '${other?.spec.runs}'`);
  const foreign = given.find(({ key }) => target.options[key] === undefined);
  if (foreign !== undefined)
    command.error(`error: ${other?.option.long} is '${target.path}' and cannot be combined with ${foreign.option.long}`);
  const all = Object.entries(target.options).map(([key, spec]) => [key, values.get(key) ?? absentValue(spec)]);
  return { path: target.path, args: command.args, values: Object.fromEntries(all) as Invocation['values'] };
}

function createArgument({ name, describe, required, repeatable }: ArgumentSpec): Argument {
  const word = repeatable ? `${name}...` : name;
  return new Argument(required ? `<${word}>` : `[${word}]`, describe);
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
