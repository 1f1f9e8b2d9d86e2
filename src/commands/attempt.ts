import { failureOfRequest } from '../admin/answer.js';
import type { KafkaFailure } from '../model/outcome.js';

export type Attempt<Value> = { readonly value: Value; readonly error: null } | { readonly value: null; readonly error: KafkaFailure };

/**
 * What a request brought, or its failure, where that is not to hide what others bring. What is no failure of a request is thrown on, such as
 * the reason of a signal.
 */
export async function attempt<Value>(request: Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { value: await request, error: null };
  } catch (error) {
    return { value: null, error: failureOfRequest(error) };
  }
}
