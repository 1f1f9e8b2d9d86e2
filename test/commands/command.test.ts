import { describe, expectTypeOf, it } from 'vitest';
import { type Command, change, query } from '../../src/commands/command.js';
import type { Outcome, Result } from '../../src/model/outcome.js';

// What the builders infer from a declaration; checked by `npm run check`, there is nothing to run.
describe('a declaration', () => {
  const declared = { needs: 'machine', summary: '', arguments: [], examples: [] } as const;
  it('gives its options their types', () => {
    query({
      ...declared,
      options: {
        flag: { type: 'boolean', describe: '' },
        count: { type: 'integer', describe: '' },
        wanted: { type: 'integer', describe: '', required: true },
        kind: { type: 'choice', describe: '', choices: ['a', 'b'] },
        many: { type: 'list', describe: '' },
        pairs: { type: 'pairs', describe: '' },
      },
      parse: (_args, values) => {
        expectTypeOf(values).toEqualTypeOf<{
          readonly flag: boolean;
          readonly count: number | undefined;
          readonly wanted: number;
          readonly kind: 'a' | 'b' | undefined;
          readonly many: readonly string[];
          readonly pairs: ReadonlyMap<string, string>;
        }>();
        return values;
      },
      run: async (_ports, options): Promise<readonly Result<{ readonly n: number }>[]> => [{ n: options.wanted, error: null }],
      view: { name: (row) => row.n.toFixed(0), columns: [{ head: 'N', cell: (line) => line.n.toFixed(0) }] },
    });
  });
  it('gives its view the lines of its rows', () => {
    const command = change({
      ...declared,
      options: {},
      parse: () => ({}),
      plan: async (): Promise<readonly Outcome<{ readonly parts: readonly number[] }>[]> => [],
      danger: (rows) => (rows.some(({ parts }) => parts.length > 1) ? 'moderate' : 'mild'),
      async *apply(_ports, rows) {
        for (const row of rows) yield { ...row, outcome: 'done', error: null };
      },
      view: { name: (row) => row.parts.join(), lines: (row) => row.parts, columns: [{ head: 'PART', cell: (part) => part.toFixed(0) }] },
    });
    expectTypeOf(command).toExtend<Command>();
  });
});
