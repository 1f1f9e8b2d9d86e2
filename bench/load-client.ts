/**
 * The load of the benches, in a process of its own: speaks the protocol on bare sockets, one to each broker that leads a partition.
 *
 *     node load-client.js '{ "mode": "produce", "bootstrapServers": "HOST:PORT", "topic": "t", "acks": -1, "records": 100000 }'
 *
 * Modes: `produce` (batches, five requests in flight for each connection, as Java's producer), `fetch` (all partitions at once, as Java's
 * consumer), `latency` (one record at a time, to partition 0). Prints one line of JSON, a LoadResult.
 */
import { fetch } from '../src/protocol/messages/fetch.js';
import { metadata } from '../src/protocol/messages/metadata.js';
import { produce } from '../src/protocol/messages/produce.js';
import { encodeBatch } from '../src/protocol/records/encode-batch.js';
import { batchesOf } from '../src/protocol/records/record-batch.js';
import type { LoadRequest, LoadResult } from './load.js';
import { openWire, type Wire } from './wire.js';

const valueBytes = 1024;
/** 960 records of 1 KiB are a batch of just below 1 MiB, which is max.message.bytes. */
const recordsPerBatch = Number(process.env.BENCH_RECORDS_PER_BATCH ?? 400);
/** max.in.flight.requests.per.connection of Java's producer. */
const requestsInFlight = 5;
/** fetch.max.bytes and max.partition.fetch.bytes of Java's consumer. */
const fetchMaxBytes = 50 * 1024 * 1024;
const partitionMaxBytes = 1024 * 1024;
const produceVersion = 12;
const fetchVersion = 12;
const metadataVersion = 9;

/** A broker and the partitions that it leads. */
interface Leader {
  readonly wire: Wire;
  readonly partitions: readonly number[];
}

async function openLeaders({ bootstrapServers, topic }: LoadRequest): Promise<readonly Leader[]> {
  const [host = '', port] = (bootstrapServers.split(',')[0] as string).split(':');
  const bootstrap = await openWire({ host, port: Number(port) });
  const { brokers, topics } = await bootstrap.request(metadata, metadataVersion, { topics: [{ name: topic }] });
  bootstrap.close();
  const partitions = new Map<number, number[]>();
  for (const { partitionIndex, leaderId, errorCode } of topics[0]?.partitions ?? []) {
    if (errorCode !== 0) throw new Error(`${topic}-${partitionIndex} has error ${errorCode}`);
    partitions.set(leaderId, [...(partitions.get(leaderId) ?? []), partitionIndex]);
  }
  return Promise.all(
    [...partitions].map(async ([leaderId, led]) => {
      const broker = brokers.find(({ nodeId }) => nodeId === leaderId);
      if (broker === undefined) throw new Error(`nobody knows broker ${leaderId}`);
      return { wire: await openWire(broker), partitions: led };
    }),
  );
}

/** Made once: encoding is the client's work, and the broker does not look at values. */
function batchOf(recordCount: number): Uint8Array {
  const value = Buffer.alloc(valueBytes);
  for (let i = 0; i < valueBytes; i++) value[i] = (i * 31) & 0xff;
  const timestampMs = Date.now();
  return encodeBatch(Array.from({ length: recordCount }, () => ({ timestampMs, key: null, value })));
}

async function send(wire: Wire, { topic, acks }: LoadRequest, index: number, records: Uint8Array): Promise<void> {
  const { responses } = await wire.request(produce, produceVersion, {
    transactionalId: null,
    acks,
    timeoutMs: 30_000,
    topicData: [{ name: topic, partitionData: [{ index, records }] }],
  });
  const errorCode = responses[0]?.partitionResponses[0]?.errorCode;
  if (errorCode !== 0) throw new Error(`Produce answered ${errorCode}`);
}

async function runProduce(request: LoadRequest, leaders: readonly Leader[]): Promise<number> {
  const records = batchOf(recordsPerBatch);
  const batches = Math.ceil(request.records / recordsPerBatch);
  let left = batches;
  await Promise.all(
    leaders.flatMap(({ wire, partitions }) => {
      let turn = 0;
      return Array.from({ length: requestsInFlight }, async () => {
        while (left-- > 0) await send(wire, request, partitions[turn++ % partitions.length] as number, records);
      });
    }),
  );
  return batches * recordsPerBatch;
}

async function runLatency(request: LoadRequest, leaders: readonly Leader[]): Promise<readonly number[]> {
  const leader = leaders.find(({ partitions }) => partitions.includes(0));
  if (leader === undefined) throw new Error('nobody leads partition 0');
  const record = batchOf(1);
  const samplesMs: number[] = [];
  for (let count = 0; count < request.records; count++) {
    const begin = performance.now();
    await send(leader.wire, request, 0, record);
    samplesMs.push(performance.now() - begin);
  }
  return samplesMs;
}

async function runFetch({ topic, records }: LoadRequest, leaders: readonly Leader[]): Promise<number> {
  let seen = 0;
  await Promise.all(
    leaders.map(async ({ wire, partitions }) => {
      const offsets = new Map(partitions.map((partition) => [partition, 0n]));
      while (seen < records) {
        const { responses } = await wire.request(fetch, fetchVersion, {
          maxWaitMs: 100,
          minBytes: 1,
          maxBytes: fetchMaxBytes,
          topics: [{ topic, partitions: [...offsets].map(([partition, fetchOffset]) => ({ partition, fetchOffset, partitionMaxBytes })) }],
        });
        for (const { partitionIndex, errorCode, records: bytes } of responses[0]?.partitions ?? []) {
          if (errorCode !== 0) throw new Error(`Fetch answered ${errorCode}`);
          for (const batch of batchesOf(bytes ?? new Uint8Array(0))) {
            const expected = offsets.get(partitionIndex);
            if (batch.baseOffset !== expected) throw new Error(`Expected offset ${expected}, got ${batch.baseOffset}`);
            seen += batch.recordCount;
            offsets.set(partitionIndex, batch.lastOffset + 1n);
          }
        }
      }
    }),
  );
  return seen;
}

const request: LoadRequest = JSON.parse(process.argv[2] as string);
const leaders = await openLeaders(request);
const begin = performance.now();
let samplesMs: readonly number[] = [];
let { records } = request;
if (request.mode === 'produce') records = await runProduce(request, leaders);
else if (request.mode === 'fetch') records = await runFetch(request, leaders);
else samplesMs = await runLatency(request, leaders);
const result: LoadResult = { records, bytes: records * valueBytes, seconds: (performance.now() - begin) / 1e3, samplesMs };
for (const { wire } of leaders) wire.close();
process.stdout.write(`${JSON.stringify(result)}\n`);
