import { apiByKey } from '../protocol/apis.js';

/**
 * Such as `Produce`; `API 99` for one of a newer Kafka. It needs all APIs, which take a moment to load: to be imported where names are
 * shown.
 */
export const apiName = (key: number): string => apiByKey.get(key)?.name ?? `API ${key}`;
