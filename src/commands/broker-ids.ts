import { UsageError } from '../model/errors.js';

/** Throws UsageError where one is not a number. */
export function parseBrokerIds(texts: readonly string[]): readonly number[] {
  return texts.map((text) => {
    if (!/^\d+$/.test(text)) throw new UsageError(`'${text}' is not the id of a broker`);
    return Number(text);
  });
}

/** Throws UsageError where the cluster has no such broker; `flag` is named. */
export function requireBrokers(ids: readonly number[], brokers: readonly { readonly id: number }[], flag: string): void {
  const unknown = ids.find((id) => !brokers.some((broker) => broker.id === id));
  if (unknown !== undefined)
    throw new UsageError(`${flag}: there is no broker ${unknown}`, `there are ${brokers.map(({ id }) => id).join(', ')}`);
}
