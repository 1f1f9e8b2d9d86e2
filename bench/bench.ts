/** What a file of this folder exports as `bench`. */
export interface Bench {
  /** One line: what is measured, and against what. */
  readonly describe: string;
  /** Measures and prints; false where a figure misses its limit. `show` of measure.ts does both. */
  readonly run: () => Promise<boolean>;
}
