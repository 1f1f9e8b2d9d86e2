import type { ICustomPartitioner } from 'kafkajs';
import type { ClientConfig } from '../client/client.js';
import { ConnectionError, KafkaError } from '../model/errors.js';
import type { CompressionType } from '../protocol/records/compression-type.js';
import { openKafkajs } from './kafkajs.js';
import { errorOfKafkajs } from './kafkajs-error.js';

export interface ProducerOptions {
  readonly topic: string;
  /** -1 for all in-sync replicas, 1 for the leader, 0 for nobody. */
  readonly acks: -1 | 0 | 1;
  readonly compression: CompressionType;
  /** With acks -1: a batch that is sent again is not written again (KIP-98). */
  readonly idempotent: boolean;
}
export interface RecordToSend {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  /** kafkajs cannot send one without a value. */
  readonly headers: readonly { readonly name: string; readonly value: Uint8Array }[];
  readonly timestampMs: number;
}

export interface RecordProducer {
  /**
   * One attempt to have records appended to one partition. Resolves when they are acknowledged (with acks 0 when they are sent). Rejects
   * with KafkaError, ConnectionError, TimeoutError: of all but the first nobody knows whether they were appended. Idempotent, it may be
   * repeated without writing twice, as long as nothing else is sent to the partition in between. LEADER_NOT_AVAILABLE: nothing was sent.
   */
  readonly send: (partition: number, records: readonly RecordToSend[]) => Promise<void>;
  /** What was last seen of a partition; null before anything was sent. */
  readonly isLeaderless: (partition: number) => boolean | null;
  /** Where Kafka's own clients put a key: murmur2. */
  readonly partitionOf: (key: Uint8Array, partitionCount: number) => number;
  readonly close: () => Promise<void>;
}

/**
 * A leader that moved is found within so long: kafkajs forgets what it knows after a time alone, not when a request stays without an
 * answer.
 */
const METADATA_MAX_AGE_MS = 2_000;

/**
 * A producer that sends the records of one partition in one request. kafkajs itself sends those of several: when one of them fails it
 * shares out all of the records again, and those which then belong to a partition that had succeeded before are never sent.
 * Makes no topic. Rejects as `send` does.
 */
export async function connectProducer(
  config: ClientConfig,
  { topic, acks, compression, idempotent }: ProducerOptions,
): Promise<RecordProducer> {
  const { kafka, kafkajs, closeSockets, brokerMs } = await openKafkajs(config);
  const { CompressionTypes, Partitioners } = kafkajs;
  const compressionType = {
    none: CompressionTypes.None,
    gzip: CompressionTypes.GZIP,
    snappy: CompressionTypes.Snappy,
    lz4: CompressionTypes.LZ4,
    zstd: CompressionTypes.ZSTD,
  }[compression];
  /** Those that may have been sent: kafkajs asks once more for what it tries once more. */
  const tried = new WeakSet<object>();
  let lastSeen = null as { readonly metadata: readonly unknown[]; readonly leaderless: ReadonlySet<number> } | null;
  const toLeaders: ReturnType<ICustomPartitioner> = ({ partitionMetadata, message }) => {
    const partition = message.partition ?? 0;
    if (lastSeen?.metadata !== partitionMetadata) {
      const leaderless = partitionMetadata.filter(({ leader }) => leader === NO_LEADER);
      lastSeen = { metadata: partitionMetadata, leaderless: new Set(leaderless.map(({ partitionId }) => partitionId)) };
    }
    const isLed = !lastSeen.leaderless.has(partition);
    if (!isLed && tried.has(message)) throw new ConnectionError('the leader was lost before it acknowledged', []);
    if (!isLed) throw noLeader(topic, partition);
    tried.add(message);
    return partition;
  };
  const producer = kafka.producer({
    createPartitioner: () => toLeaders,
    allowAutoTopicCreation: false,
    idempotent,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    // The least that kafkajs takes with idempotence. Of one partition alone it does no harm.
    retry: { retries: 1, initialRetryTime: 100 },
  });
  const close = async () => {
    // What was sent is settled by then, and kafkajs only closes its sockets: those that it does not are closed here.
    await Promise.race([producer.disconnect().catch(() => {}), closeSockets()]);
    await closeSockets();
  };
  // Each attempt goes to another address.
  for (let left = config.bootstrapServers.split(',').length - 1; ; left--) {
    try {
      await producer.connect();
      break;
    } catch (thrown) {
      const error = errorOfKafkajs(thrown);
      if (error instanceof ConnectionError && left > 0) continue;
      await close();
      throw error;
    }
  }
  const counted = new Map<number, Parameters<typeof partitioner>[0]['partitionMetadata']>();
  const partitioner = Partitioners.DefaultPartitioner();
  return {
    send: async (partition, records) => {
      const messages = records.map(({ key, value, headers, timestampMs }) => ({
        partition,
        key: asBuffer(key),
        value: asBuffer(value),
        ...(headers.length > 0 && { headers: headersOf(headers) }),
        // kafkajs sorts them as texts.
        timestamp: String(timestampMs).padStart(16, '0'),
      }));
      try {
        await producer.send({ topic, acks, compression: compressionType, timeout: brokerMs, messages });
      } catch (error) {
        throw errorOfKafkajs(error);
      }
    },
    isLeaderless: (partition) => lastSeen?.leaderless.has(partition) ?? null,
    partitionOf: (key, partitionCount) => {
      let partitionMetadata = counted.get(partitionCount);
      if (partitionMetadata === undefined) {
        const none = { partitionErrorCode: 0, leader: 0, replicas: [], isr: [] };
        partitionMetadata = Array.from({ length: partitionCount }, (_, partitionId) => ({ ...none, partitionId }));
        counted.set(partitionCount, partitionMetadata);
      }
      return partitioner({ topic, partitionMetadata, message: { key: asBuffer(key), value: null } });
    },
    close,
  };
}

const NO_LEADER = -1;

/** Of that type kafkajs asks anew who leads. */
const noLeader = (topic: string, partition: number): Error =>
  Object.assign(new KafkaError('LEADER_NOT_AVAILABLE', `There is no leader for ${topic}:${partition}.`), { type: 'LEADER_NOT_AVAILABLE' });

const asBuffer = (bytes: Uint8Array | null): Buffer | null =>
  bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

/** kafkajs takes a name's values together; their order among other names is not kept. */
function headersOf(headers: RecordToSend['headers']): Record<string, Buffer | Buffer[]> {
  const byName: Record<string, Buffer | Buffer[]> = Object.create(null);
  for (const { name, value } of headers) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.length);
    const before = byName[name];
    byName[name] = before === undefined ? bytes : [...(Array.isArray(before) ? before : [before]), bytes];
  }
  return byName;
}
