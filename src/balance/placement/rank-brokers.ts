/** Brokers by rising key, equal ones by their number, while keys change one by one. */
export interface RankedBrokers {
  readonly order: readonly number[];
  /** To be called where the key of a broker has changed. */
  readonly update: (broker: number) => void;
}

export function rankBrokers(brokerCount: number, keyOf: (broker: number) => number): RankedBrokers {
  const key = Float64Array.from({ length: brokerCount }, (_, broker) => keyOf(broker));
  const compare = (a: number, b: number): number => key[a]! - key[b]! || a - b;
  const order = [...key.keys()].sort(compare);
  const update = (broker: number): void => {
    key[broker] = keyOf(broker);
    let at = order.indexOf(broker);
    for (; at > 0 && compare(order[at - 1]!, broker) > 0; at--) order[at] = order[at - 1]!;
    for (; at + 1 < order.length && compare(order[at + 1]!, broker) < 0; at++) order[at] = order[at + 1]!;
    order[at] = broker;
  };
  return { order, update };
}
