import type { Address } from '../environment/environment.js';
import { UsageError } from '../model/errors.js';

const HINT = 'host:port, several with commas between them, such as kafka1:9092,kafka2:9092';

/** Reads Kafka's `bootstrap.servers`: `host:port[,host:port...]`, an IPv6 address in brackets. Throws UsageError. */
export function parseBootstrapServers(text: string): readonly Address[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) throw new UsageError('the list of bootstrap servers is empty', HINT);
  return parts.map(parseAddress);
}

function parseAddress(text: string): Address {
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d+)$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) throw new UsageError(`'${text}' is not a bootstrap server`, HINT);
  if (Number(port) < 1 || Number(port) > 65_535) throw new UsageError(`'${text}' has a port that is not between 1 and 65535`, HINT);
  return { host, port: Number(port) };
}
