/**
 * The load of produce-fetch.ts, in a process of its own: speaks the protocol on a bare socket, so that what is measured is the broker.
 *
 *     node produce-fetch-client.js produce HOST:PORT TOPIC TOTAL_BYTES
 *     node produce-fetch-client.js fetch HOST:PORT TOPIC TOTAL_RECORDS
 *
 * Prints one line of JSON: { records, bytes, seconds }. Bytes are those of the records' values.
 */
import { connect } from 'node:net';
import { correlationIdOf, decodeResponse, encodeRequest } from '../src/protocol/frame.js';
import { createFrameSplitter } from '../src/protocol/frame-splitter.js';
import { fetch } from '../src/protocol/messages/fetch.js';
import { produce } from '../src/protocol/messages/produce.js';
import { encodeBatch } from '../src/protocol/records/encode-batch.js';
import { batchesOf } from '../src/protocol/records/record-batch.js';
import type { Api, Decoded, Encodable, Fields } from '../src/protocol/schema.js';

const valueBytes = 1024;
/** 960 records of 1 KiB are a batch of just below 1 MiB, which is max.message.bytes. */
const recordsPerBatch = Number(process.env.BENCH_RECORDS_PER_BATCH ?? 400);
/** As Java's producer: max.in.flight.requests.per.connection. */
const requestsInFlight = 5;
/** As Java's consumer: fetch.max.bytes and max.partition.fetch.bytes. */
const fetchMaxBytes = 50 * 1024 * 1024;
const partitionMaxBytes = 1024 * 1024;
const produceVersion = 12;
const fetchVersion = 12;

interface Wire {
  readonly request: <Q extends Fields, P extends Fields>(api: Api<Q, P>, version: number, body: Encodable<Q>) => Promise<Decoded<P>>;
  readonly close: () => void;
}

async function open(address: string): Promise<Wire> {
  const [host, port] = address.split(':');
  const socket = connect({ host, port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const waiting = new Map<number, (frame: Uint8Array) => void>();
  const split = createFrameSplitter(256 * 1024 * 1024, (frame) => {
    const correlationId = correlationIdOf(frame);
    waiting.get(correlationId)?.(frame);
    waiting.delete(correlationId);
  });
  socket.on('data', split);
  socket.on('close', () => {
    if (waiting.size === 0) return;
    process.stderr.write('the broker closed the connection\n');
    process.exit(1);
  });
  let last = 0;
  return {
    request: async (api, version, body) => {
      const correlationId = ++last;
      const answer = new Promise<Uint8Array>((resolve) => waiting.set(correlationId, resolve));
      socket.cork();
      for (const chunk of encodeRequest(api, version, { correlationId, clientId: 'bench' }, body)) socket.write(chunk);
      socket.uncork();
      return decodeResponse(api, version, await answer).body;
    },
    close: () => socket.destroy(),
  };
}

async function runProduce(address: string, topic: string, totalBytes: number): Promise<Result> {
  const wire = await open(address);
  const value = Buffer.alloc(valueBytes);
  for (let i = 0; i < valueBytes; i++) value[i] = (i * 31) & 0xff;
  const batches = Math.ceil(totalBytes / (recordsPerBatch * valueBytes));
  // The same batch again and again: encoding is the client's work, and the broker does not look at values.
  const timestampMs = Date.now();
  const records = encodeBatch(Array.from({ length: recordsPerBatch }, () => ({ timestampMs, key: null, value })));
  const send = async (): Promise<void> => {
    const { responses } = await wire.request(produce, produceVersion, {
      transactionalId: null,
      acks: 1,
      timeoutMs: 30_000,
      topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
    });
    const errorCode = responses[0]?.partitionResponses[0]?.errorCode;
    if (errorCode !== 0) throw new Error(`Produce answered ${errorCode}`);
  };
  let left = batches;
  const begin = process.hrtime.bigint();
  await Promise.all(
    Array.from({ length: requestsInFlight }, async () => {
      while (left-- > 0) await send();
    }),
  );
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  wire.close();
  return { records: batches * recordsPerBatch, bytes: batches * recordsPerBatch * valueBytes, seconds };
}

async function runFetch(address: string, topic: string, totalRecords: number): Promise<Result> {
  const wire = await open(address);
  let records = 0;
  let fetchOffset = 0n;
  const begin = process.hrtime.bigint();
  while (records < totalRecords) {
    const { responses } = await wire.request(fetch, fetchVersion, {
      maxWaitMs: 500,
      minBytes: 1,
      maxBytes: fetchMaxBytes,
      topics: [{ topic, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes }] }],
    });
    const partition = responses[0]?.partitions[0];
    if (partition?.errorCode !== 0) throw new Error(`Fetch answered ${partition?.errorCode}`);
    for (const batch of batchesOf(partition.records ?? new Uint8Array(0))) {
      if (batch.baseOffset !== fetchOffset) throw new Error(`Expected offset ${fetchOffset}, got ${batch.baseOffset}`);
      records += batch.recordCount;
      fetchOffset = batch.lastOffset + 1n;
    }
  }
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  wire.close();
  return { records, bytes: records * valueBytes, seconds };
}

interface Result {
  readonly records: number;
  readonly bytes: number;
  readonly seconds: number;
}

const [mode, address = '', topic = '', total = ''] = process.argv.slice(2);
const result = await (mode === 'produce' ? runProduce : runFetch)(address, topic, Number(total));
process.stdout.write(`${JSON.stringify(result)}\n`);
