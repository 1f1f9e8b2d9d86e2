import type { Command } from '../commands/command.js';
import type { Options, Values } from '../commands/option.js';

const format = {
  output: {
    type: 'choice',
    choices: ['table', 'wide', 'json', 'yaml', 'csv', 'name'],
    short: 'o',
    value: 'FORMAT',
    describe: 'table, wide, json, yaml, csv or name',
  },
} as const satisfies Options;

const formatOrMetrics = {
  output: {
    ...format.output,
    choices: [...format.output.choices, 'prometheus'],
    describe: 'table, wide, json, yaml, csv, name or prometheus',
  },
} as const satisfies Options;

const output = {
  noColor: { type: 'boolean', describe: 'plain text' },
  verbose: { type: 'count', short: 'v', describe: 'show each request; -vv shows stack traces too' },
} as const satisfies Options;

const cluster = {
  bootstrapServer: { type: 'string', value: 'HOST:PORT', describe: 'brokers to ask first, with commas between them' },
  commandConfig: { type: 'string', value: 'FILE', names: 'files', describe: "Kafka's client.properties: address and security" },
  context: { type: 'string', value: 'NAME', names: 'contexts', describe: 'a cluster that has a name, see: kafka-ts context' },
  timeout: { type: 'duration', value: 'TIME', describe: 'bound of each request with its retries (10s unless told)' },
} as const satisfies Options;

const change = {
  dryRun: { type: 'boolean', describe: 'show what would change, and change nothing' },
  detailedExitcode: { type: 'boolean', describe: 'exit with 5 where --dry-run finds something to change' },
  yes: { type: 'boolean', short: 'y', describe: 'answer yes to the question' },
  confirm: { type: 'string', value: 'TEXT', describe: 'the text that the question would want typed' },
} as const satisfies Options;

const undo = {
  undoFile: { type: 'string', value: 'FILE', names: 'files', describe: 'where to write how to take the change back' },
} as const satisfies Options;

const watch = {
  watch: { type: 'boolean', describe: 'show it again and again, until Ctrl-C' },
  interval: { type: 'duration', value: 'TIME', describe: 'between two looks of --watch (1s unless told)' },
} as const satisfies Options;

/** What options a command has besides its own follows from its kind and needs. */
export function sharedOptions({
  kind,
  needs,
  canUndo,
  canWatch,
  hasMetrics,
  streamsChanges,
}: {
  kind: Command['kind'];
  needs: Command['needs'];
  canUndo: boolean;
  canWatch: boolean;
  hasMetrics: boolean;
  /** A stream that changes what it works on, such as `produce`. */
  streamsChanges: boolean;
}): Options {
  return {
    ...(needs !== 'machine' && cluster),
    ...(kind === 'change' && change),
    ...(streamsChanges && { confirm: { ...change.confirm, describe: 'the name of what is changed, where the context wants it' } }),
    ...(canUndo && undo),
    ...(canWatch && watch),
    // What a stream prints is its own.
    ...(kind !== 'stream' && (hasMetrics ? formatOrMetrics : format)),
    ...output,
  };
}

/** The values of shared options that a command does not have are as if they were not given. */
export type SharedValues = Values<typeof formatOrMetrics & typeof output & typeof cluster & typeof change & typeof undo & typeof watch>;
