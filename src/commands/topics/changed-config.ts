/** Values as Kafka writes them; null where they are sensitive. */
export interface ChangedConfig {
  readonly name: string;
  readonly operation: 'set' | 'delete';
  readonly before: string | null;
  /** Kafka's name of where the value before is set, such as DYNAMIC_TOPIC_CONFIG or DEFAULT_CONFIG. */
  readonly beforeSource: string | null;
  /** Of a config that is deleted, what holds then: the cluster's value, null where it is not known. */
  readonly after: string | null;
}

/** Configs that say how durable records are, or which are kept (CLI.md section 2). */
const guarded = /^(min\.insync\.replicas|unclean\.leader\.election\.enable|cleanup\.policy|delete\.retention\.ms|(local\.)?retention\..*)$/;

/** Whether a config change neither shrinks nor weakens anything, so that it may run without a question. */
export function isMild({ name, operation, before, after }: ChangedConfig): boolean {
  return operation === 'set' && !guarded.test(name) && !isSmaller(after, before);
}

/** Negative numbers stand for no limit in Kafka's configs. Texts that are no numbers are neither smaller nor larger. */
function isSmaller(after: string | null, before: string | null): boolean {
  const [from, to] = [before, after].map((text) => (/^-?\d+$/.test(text ?? '') ? Number(text) : Number.NaN));
  if (from === undefined || to === undefined || to < 0) return false;
  return from < 0 || to < from;
}
