/** What Kafka said of one item (a topic, a partition, a group) that it refused. */
export interface KafkaFailure {
  /** Kafka's own error name, such as PREFERRED_LEADER_NOT_AVAILABLE. */
  readonly code: string;
  readonly message: string;
  readonly retriable: boolean;
}

/** The result for one item of a request: never a throw that hides the others. */
export type Result<T> = T & { readonly error: KafkaFailure | null };

/** One row of a change. The fields are the same in a dry run, on success and on failure. */
export type Outcome<T> = T & {
  readonly outcome: 'planned' | 'done' | 'not-needed' | 'skipped' | 'failed';
  readonly error: KafkaFailure | null;
};
