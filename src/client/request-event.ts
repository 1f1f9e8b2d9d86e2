/** One request on a connection, told when it is over. */
export interface RequestEvent {
  /** `host:port`. */
  readonly broker: string;
  /** Kafka's name, such as Metadata. */
  readonly api: string;
  readonly version: number;
  readonly durationMs: number;
  /** Why there is no answer; null where there is one, whatever error codes are in it. */
  readonly error: Error | null;
}
