import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { apiByKey } from '../../src/protocol/apis.js';
import { decodeMessage } from '../../src/protocol/compile.js';
import { correlationIdOf, decodeRequestHeader, decodeResponse, encodeResponse, type RequestFrame } from '../../src/protocol/frame.js';
import { createFrameSplitter } from '../../src/protocol/frame-splitter.js';

/** A TCP proxy before a cluster that writes down each request. The addresses that brokers give lead to it too, so nothing passes it by. */
export interface RecordingProxy {
  readonly bootstrapServers: string;
  /** In the order of their arrival. */
  readonly requests: readonly RecordedRequest[];
  /** Connections that clients have opened. */
  readonly connectionCount: number;
  readonly close: () => Promise<void>;
}
export interface RecordedRequest {
  /** Kafka's name of the API. */
  readonly api: string;
  readonly version: number;
  /** Whether it could change anything on the cluster. */
  readonly isMutating: boolean;
}

const maxFrameBytes = 128 << 20;

/** What only reads. All else is taken to change something, so that an API which nobody thought of here fails a dry run. */
const readingApis = new Set([
  'ApiVersions',
  'ConsumerGroupDescribe',
  'DescribeAcls',
  'DescribeClientQuotas',
  'DescribeCluster',
  'DescribeConfigs',
  'DescribeGroups',
  'DescribeLogDirs',
  'DescribeProducers',
  'DescribeQuorum',
  'DescribeTopicPartitions',
  'DescribeTransactions',
  'DescribeUserScramCredentials',
  'Fetch',
  'FindCoordinator',
  'ListConfigResources',
  'ListGroups',
  'ListOffsets',
  'ListPartitionReassignments',
  'ListTransactions',
  'OffsetFetch',
  'OffsetForLeaderEpoch',
  'SaslAuthenticate',
  'SaslHandshake',
]);

/** Responses that name brokers by address. */
const addressApis = new Set(['Metadata', 'DescribeCluster', 'FindCoordinator']);

export async function startRecordingProxy(bootstrapServers: string): Promise<RecordingProxy> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  const servers = new Map<string, Promise<Server>>();
  let connectionCount = 0;

  /** The proxy's port for a broker's address. */
  const portFor = async (host: string, port: number): Promise<number> => {
    const address = `${host}:${port}`;
    let server = servers.get(address);
    if (!server) {
      server = listen((client) => {
        connectionCount++;
        join(client, connect({ host, port, noDelay: true }));
      });
      servers.set(address, server);
    }
    return ((await server).address() as AddressInfo).port;
  };

  const join = (client: Socket, broker: Socket): void => {
    const pending = new Map<number, RequestFrame>();
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.end();
      });
    }
    const onRequest = createFrameSplitter(maxFrameBytes, (frame) => {
      const request = decodeRequestHeader(frame, apiByKey);
      requests.push({ api: request.api.name, version: request.header.requestApiVersion, isMutating: isMutating(request) });
      pending.set(request.header.correlationId, request);
      broker.write(withSize(frame));
    });
    client.on('data', onRequest);
    // Responses go out in the order in which they came, also where one waits for a new port.
    let last = Promise.resolve();
    const onResponse = createFrameSplitter(maxFrameBytes, (frame) => {
      const copy = Uint8Array.from(frame);
      last = last.then(async () => {
        for (const chunk of await redirected(copy)) client.write(chunk);
      });
    });
    broker.on('data', onResponse);

    const redirected = async (frame: Uint8Array): Promise<Uint8Array[]> => {
      const correlationId = correlationIdOf(frame);
      const request = pending.get(correlationId);
      pending.delete(correlationId);
      if (!request || !addressApis.has(request.api.name)) return [withSize(frame)];
      const { api, header } = request;
      const { body } = decodeResponse(api, header.requestApiVersion, frame);
      return encodeResponse(api, header.requestApiVersion, correlationId, (await redirectAddresses(body)) as Record<string, unknown>);
    };
  };

  /** A copy of a decoded response in which every host and port is the proxy's. */
  const redirectAddresses = async (value: unknown): Promise<unknown> => {
    if (Array.isArray(value)) return Promise.all(value.map(redirectAddresses));
    if (typeof value !== 'object' || value === null) return value;
    const { host, port } = value as { readonly host?: unknown; readonly port?: unknown };
    const entries = await Promise.all(Object.entries(value).map(async ([name, item]) => [name, await redirectAddresses(item)]));
    const copy = Object.fromEntries(entries) as Record<string, unknown>;
    return typeof host === 'string' && typeof port === 'number' && port > 0
      ? { ...copy, host: '127.0.0.1', port: await portFor(host, port) }
      : copy;
  };

  const ports = await Promise.all(
    bootstrapServers.split(',').map((address) => {
      const colon = address.lastIndexOf(':');
      return portFor(address.slice(0, colon), Number(address.slice(colon + 1)));
    }),
  );
  return {
    bootstrapServers: ports.map((port) => `127.0.0.1:${port}`).join(','),
    requests,
    get connectionCount() {
      return connectionCount;
    },
    close: async () => {
      const closed = [...servers.values()].map(async (server) => {
        const listening = await server;
        await new Promise((resolve) => listening.close(resolve));
      });
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

function isMutating({ api, header, isVersionKnown, body }: RequestFrame): boolean {
  if (readingApis.has(api.name) || !isVersionKnown) return !readingApis.has(api.name);
  const request = decodeMessage(api.request, header.requestApiVersion, body) as Readonly<Record<string, unknown>>;
  if (api.name === 'Metadata') return request.allowAutoTopicCreation === true && Array.isArray(request.topics) && request.topics.length > 0;
  return request.validateOnly !== true;
}

async function listen(accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ noDelay: true }, accept);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return server;
}

function withSize(frame: Uint8Array): Uint8Array {
  const sized = new Uint8Array(4 + frame.byteLength);
  new DataView(sized.buffer).setInt32(0, frame.byteLength);
  sized.set(frame, 4);
  return sized;
}
