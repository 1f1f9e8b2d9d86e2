import type { ConfigEntry } from '../../admin/configs.js';

export interface Listener {
  readonly listener: string;
  /** PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL. */
  readonly securityProtocol: string;
  /** Empty where the broker takes connections on all its addresses. */
  readonly host: string;
  readonly port: number;
}

/** What a broker tells clients to connect to, by its configs. */
export function listenersOf(configs: readonly Pick<ConfigEntry, 'name' | 'value'>[]): readonly Listener[] {
  const configured = (name: string) => configs.find((config) => config.name === name)?.value ?? '';
  const protocols = new Map(
    split(configured('listener.security.protocol.map')).map((pair) => {
      const [listener = '', protocol = ''] = pair.split(':');
      return [listener, protocol];
    }),
  );
  return split(configured('advertised.listeners') || configured('listeners')).flatMap((text) => {
    const [, listener = '', host = '', port = ''] = /^(\w+):\/\/\[?(.*?)\]?:(\d+)$/.exec(text) ?? [];
    return listener === '' ? [] : [{ listener, securityProtocol: protocols.get(listener) ?? listener, host, port: Number(port) }];
  });
}

const split = (list: string): readonly string[] =>
  list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
