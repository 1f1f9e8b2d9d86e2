import type { Kafka, SASLOptions } from 'kafkajs';
import type { ClientConfig } from '../client/client.js';
import type { SaslCredentials } from '../client/sasl/credentials.js';
import { compress, decompress, initializeCompression } from '../protocol/records/compression.js';
import type { CompressionType } from '../protocol/records/compression-type.js';
import { createSocketFactory } from './kafkajs-sockets.js';
import { type OnLeaderless, tolerateLeaderless } from './leaderless-partitions.js';
import { quietKafkajsWarnings } from './quiet-warnings.js';

type Kafkajs = typeof import('kafkajs');

/** kafkajs, connecting as our own client does. */
export interface OpenKafkajs {
  readonly kafka: Kafka;
  readonly kafkajs: Kafkajs;
  /** After kafkajs has disconnected: resolves when what it wrote is sent; what hangs is cut off after a second. */
  readonly closeSockets: () => Promise<void>;
  /** How long the brokers have for a request; the client waits a little longer. */
  readonly brokerMs: number;
}

/** How long a broker may take to accept a connection. */
const CONNECT_MS = 5_000;
/** How long an answer may take, unless told. */
const REQUEST_MS = 12_000;
const BROKERS_SHARE = 5 / 6;

/**
 * Loads kafkajs, with all of Kafka's compressions. Unless told it does not retry, as the caller knows better what may be
 * sent again. It logs nothing, as all that matters comes as an error.
 */
export async function openKafkajs(
  { bootstrapServers, clientId, tls, sasl, timeoutMs: requestMs = REQUEST_MS }: ClientConfig,
  { retries = 0, onLeaderless }: { readonly retries?: number; readonly onLeaderless?: OnLeaderless } = {},
): Promise<OpenKafkajs> {
  quietKafkajsWarnings();
  const [kafkajs] = await Promise.all([import('kafkajs'), initializeCompression()]);
  const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;
  for (const [name, type] of Object.entries(compressionNames) as readonly [keyof typeof compressionNames, CompressionType][]) {
    CompressionCodecs[CompressionTypes[name]] = () => ({
      compress: async ({ buffer }: { readonly buffer: Buffer }) => Buffer.from(compress(type, buffer)),
      decompress: async (buffer: Buffer) => Buffer.from(decompress(type, buffer)),
    });
  }
  const { socketFactory, closeSockets } = createSocketFactory(tls);
  const kafka = new Kafka({
    brokers: bootstrapServers.split(',').map((address) => address.trim()),
    ...(clientId !== undefined && { clientId }),
    ...(sasl !== undefined && { sasl: saslOptions(sasl) }),
    socketFactory,
    connectionTimeout: Math.min(CONNECT_MS, requestMs),
    authenticationTimeout: requestMs,
    requestTimeout: requestMs,
    retry: { retries, initialRetryTime: 200, maxRetryTime: 2_000 },
    logLevel: logLevel.NOTHING,
    logCreator: () => () => {},
  });
  tolerateLeaderless(kafka, onLeaderless);
  return { kafka, kafkajs, closeSockets, brokerMs: Math.round(requestMs * BROKERS_SHARE) };
}

const compressionNames = { GZIP: 'gzip', Snappy: 'snappy', LZ4: 'lz4', ZSTD: 'zstd' } as const satisfies Record<string, CompressionType>;

function saslOptions(sasl: SaslCredentials): SASLOptions {
  switch (sasl.mechanism) {
    case 'PLAIN':
      return { mechanism: 'plain', username: sasl.username, password: sasl.password };
    case 'SCRAM-SHA-256':
      return { mechanism: 'scram-sha-256', username: sasl.username, password: sasl.password };
    case 'SCRAM-SHA-512':
      return { mechanism: 'scram-sha-512', username: sasl.username, password: sasl.password };
    case 'OAUTHBEARER': {
      const { token, extensions } = sasl;
      // kafkajs sends extensions, of which its types do not know.
      return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await token(), ...(extensions && { extensions }) }) };
    }
  }
}
