/** Reads and writes the text of a script; README.md in this folder describes it. Runs nothing. */

export interface Script {
  /** What the script runs on. `shared` is an embedded cluster in `npm test` and real Kafka in `npm run test:kafka`. */
  readonly cluster: 'shared' | 'three' | 'embedded' | 'kafka' | 'none';
  /** Versions of Kafka whose behaviour the script does not describe. */
  readonly notOn: readonly string[];
  readonly steps: readonly Step[];
  readonly lines: readonly string[];
}

export interface Step {
  /** `run` for a `$` line, else the directive's name. */
  readonly action: string;
  /** The rest of the line. */
  readonly argument: string;
  /** `<` lines of a command, `|` lines of a file. */
  readonly input: string;
  /** Absent where the step has no output to hold. */
  readonly expected?: Output;
  /** Index of the step's line, and of the lines that hold its expected output (the second is exclusive). */
  readonly line: number;
  readonly expectedLines: readonly [from: number, to: number];
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

const withOutput = new Set(['run', 'end', 'requests']);
const withoutOutput = new Set(['file', 'env', 'unset', 'listen', 'start', 'until', 'signal', 'visible', 'processes', 'product-copy']);

/** Throws an Error that names the line. */
export function parseScript(text: string): Script {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  let cluster: Script['cluster'] = 'shared';
  const notOn: string[] = [];
  const steps: Step[] = [];
  for (let at = 0; at < lines.length; ) {
    const start = at;
    const line = lines[at++]!;
    const fail = (message: string): never => {
      throw new Error(`line ${start + 1}: ${message}: ${line}`);
    };
    if (line === '' || line.startsWith('#')) continue;
    const match = /^(?:\$ |@([\w-]+) ?)(.*)$/.exec(line);
    if (!match) return fail('neither a comment, a command, a directive nor the output of one');
    const action = match[1] ?? 'run';
    const argument = match[2]!;
    if (action === 'cluster') {
      const [, name, why] =
        /^(none|embedded|kafka|three)(?:: (.+))?$/.exec(argument) ?? fail('expected none, three: WHY, embedded: WHY or kafka: WHY');
      if (name !== 'none' && why === undefined) fail('a script for one cluster alone says why');
      cluster = name as Script['cluster'];
      continue;
    }
    if (action === 'not-on') {
      const [, version] = /^(\d+\.\d+\.\d+): .+$/.exec(argument) ?? fail('expected VERSION: WHY');
      notOn.push(version!);
      continue;
    }
    if (!withOutput.has(action) && !withoutOutput.has(action)) fail('no such directive');

    const inputMark = action === 'file' ? '|' : action === 'run' || action === 'start' ? '<' : undefined;
    let input = '';
    while (inputMark && lines[at]?.startsWith(inputMark)) input += `${contentOf(lines[at++]!)}\n`;

    const from = at;
    const streams = { '>': '', '!': '' };
    let exitCode = 0;
    let last: '>' | '!' | undefined;
    while (withOutput.has(action) && at < lines.length) {
      const next = lines[at]!;
      const mark = next[0];
      if (mark === '>' || mark === '!') {
        streams[mark] += `${contentOf(next)}\n`;
        last = mark;
      } else if (mark === '\\' && last) {
        streams[last] = streams[last].slice(0, -1);
      } else if (/^= \d+$/.test(next)) {
        exitCode = Number(next.slice(2));
      } else break;
      at++;
    }
    const expected = { stdout: streams['>'], stderr: streams['!'], exitCode };
    steps.push({ action, argument, input, ...(withOutput.has(action) && { expected }), line: start, expectedLines: [from, at] });
  }
  return { cluster, notOn, steps, lines };
}

/** The script with what its steps printed in the place of what it expected. */
export function rewriteScript(script: Script, outputs: ReadonlyMap<Step, Output>): string {
  const lines: string[] = [];
  let kept = 0;
  for (const step of script.steps) {
    const output = outputs.get(step);
    if (!output) continue;
    const [from, to] = step.expectedLines;
    lines.push(...script.lines.slice(kept, from), ...formatOutput(output));
    kept = to;
  }
  lines.push(...script.lines.slice(kept));
  return `${lines.join('\n')}\n`;
}

/** The lines that stand for an output in a script. Control characters other than line ends and tabs read as \x1b and the like. */
function formatOutput({ stdout, stderr, exitCode }: Output): string[] {
  return [...formatStream('>', stdout), ...formatStream('!', stderr), ...(exitCode === 0 ? [] : [`= ${exitCode}`])];
}

function formatStream(mark: string, text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n').map((line) => (line === '' ? mark : `${mark} ${visible(line)}`));
  return text.endsWith('\n') ? lines.slice(0, -1) : [...lines, '\\ no line end'];
}

const visible = (line: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  line.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** The line without its mark and the one space after it. */
const contentOf = (line: string): string => (line[1] === ' ' ? line.slice(2) : line.slice(1));
