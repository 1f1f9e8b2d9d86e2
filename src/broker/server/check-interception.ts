import { messageOf } from '../../model/errors.js';
import { nearestName } from '../../model/nearest-name.js';
import { apiByKey } from '../../protocol/apis.js';
import { encodeMessage } from '../../protocol/compile.js';
import type { Encodable, Field, Fields } from '../../protocol/schema.js';
import type { InterceptedRequest } from './dispatcher.js';

/**
 * What an interceptor gave, of which nobody knows what it is before. Throws TypeError that names the API and what is wrong, also where the
 * response cannot be sent in the request's version or has a field that Kafka's has not.
 */
export function checkInterception({ apiKey, apiVersion }: Pick<InterceptedRequest, 'apiKey' | 'apiVersion'>, given: unknown): void {
  const api = apiByKey.get(apiKey);
  if (api === undefined || given === undefined || given === 'drop') return;
  const refuse = (what: string): TypeError => new TypeError(`an interceptor of ${api.name} gave ${what}`);
  if (typeof given !== 'object' || given === null || 'response' in given === 'delayMs' in given) {
    throw refuse("something else than undefined, { response }, { delayMs } or 'drop'");
  }
  if ('delayMs' in given) {
    const { delayMs } = given;
    if (typeof delayMs === 'number' && delayMs >= 0 && delayMs < Number.POSITIVE_INFINITY) return;
    throw refuse(`the delay ${String(delayMs)} for a number of milliseconds`);
  }
  const { response } = given as { readonly response: unknown };
  try {
    encodeMessage(api.response, apiVersion, response as Encodable<Fields>);
  } catch (error) {
    throw refuse(`a response that cannot be sent: ${messageOf(error)}`);
  }
  const unknown = unknownField(api.response.fields, response, '');
  if (unknown === null) return;
  const hint = unknown.nearest === null ? '' : ` (did you mean ${unknown.nearest}?)`;
  throw refuse(`a response with ${unknown.path}, which ${api.response.name} has not${hint}`);
}

interface UnknownField {
  readonly path: string;
  readonly nearest: string | null;
}

function unknownField(fields: Fields, struct: unknown, path: string): UnknownField | null {
  for (const [name, value] of Object.entries(struct as Readonly<Record<string, unknown>>)) {
    const field = fields[name];
    if (field === undefined) return { path: `${path}${name}`, nearest: nearestName(name, Object.keys(fields)) };
    const found = unknownFieldIn(field, value, `${path}${name}`);
    if (found !== null) return found;
  }
  return null;
}

function unknownFieldIn({ fields, element }: Field, value: unknown, path: string): UnknownField | null {
  if (fields !== undefined && typeof value === 'object' && value !== null) return unknownField(fields, value, `${path}.`);
  if (element === undefined || !Array.isArray(value)) return null;
  for (const [index, item] of value.entries()) {
    const found = unknownFieldIn(element, item, `${path}[${index}]`);
    if (found !== null) return found;
  }
  return null;
}
