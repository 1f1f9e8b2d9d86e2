import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.js';
import { alternate, ratio, show, wallTimeMs } from './measure.js';

const binary = fileURLToPath(new URL('../bin/kafka-ts.js', import.meta.url));
// With NODE_EXTRA_CA_CERTS Node itself starts 50 ms later, which would hide what is ours.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
const node =
  (args: readonly string[], exitCode = 0) =>
  () =>
    wallTimeMs(process.execPath, args, { env, exitCode });

export const bench: Bench = {
  describe: `wall time over that of \`node -e 0\`, Node ${process.version}`,
  run: async () => {
    const { bare, ...commands } = await alternate(
      {
        bare: node(['-e', '0']),
        '--version': node([binary, '--version']),
        'topics --help': node([binary, 'topics', '--help']),
        'topics lst (a usage error)': node([binary, 'topics', 'lst'], 2),
      },
      21,
    );
    show('node -e 0', bare, 'ms');
    let holds = true;
    for (const [name, figure] of Object.entries(commands)) {
      show(name, figure, 'ms');
      holds = show(`${name} / node -e 0`, ratio(figure, bare), 'x', { atMost: 1.5 }) && holds;
    }
    return holds;
  },
};
