import type { Environment } from '../../environment/environment.js';
import { type ErrorName, errorCode, kafkaFailure } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import type { MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import type { BrokerConfig } from '../config/broker-config.js';
import type { MetadataImage } from './image.js';

/**
 * What the controller makes of a request: records, which change the metadata once they are replayed, and the response, which goes out
 * once they are committed. Deciding reads the state and changes nothing. Source: ControllerResult.
 */
export interface Decision<Response> {
  /** Appended as one batch: all of them hold or none. */
  readonly records: readonly MetadataRecord[];
  readonly response: Response;
}

/**
 * As much of a change as should be decided at once: the change is made with the last step, and what the steps before it did holds as it
 * stands. A broker may have ten thousand partitions; between the steps others are served.
 */
export interface Step {
  readonly records: readonly MetadataRecord[];
  readonly isLast: boolean;
}
export const noStep: Step = { records: [], isLast: true };
/** The response is that to the change where it is the last one. */
export interface DecisionStep<Response> extends Step, Decision<Response> {}

/** What a decision may look at. */
export interface DecisionContext {
  /** The controller's own image: what it appended is in it, committed or not. */
  readonly image: MetadataImage;
  /** The configs of the node that the controller runs on: defaults of topics, and what may be done. */
  readonly config: BrokerConfig;
  readonly random: Environment['random'];
}

/** Source: QuorumController.MAX_RECORDS_PER_USER_OP. */
export const MAX_RECORDS = 10_000;

/** Throws KafkaError POLICY_VIOLATION, as Kafka does, where one request would change too much at once. */
export function checkRecordCount(records: readonly MetadataRecord[]): void {
  if (records.length > MAX_RECORDS) throw new KafkaError('POLICY_VIOLATION', 'Unable to perform excessively large batch operation.');
}

export interface ItemError {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export const noError: ItemError = { errorCode: 0, errorMessage: null };
/** With Kafka's message unless there is a better one. */
export const itemError = (name: ErrorName, message?: string): ItemError => ({
  errorCode: errorCode(name),
  errorMessage: kafkaFailure(name, message).message,
});

/** Runs a part of a decision that concerns one item: a KafkaError becomes that item's error, and hides no other. */
export function attempt<Value>(decide: () => Value): { readonly value: Value } | { readonly error: ItemError } {
  try {
    return { value: decide() };
  } catch (error) {
    if (error instanceof KafkaError) return { error: itemError(error.code, error.message) };
    throw error;
  }
}
