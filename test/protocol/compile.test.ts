import { describe, expect, it } from 'vitest';
import { ProtocolError, UnsupportedVersionError } from '../../src/model/errors.js';
import { ZERO_UUID } from '../../src/model/uuid.js';
import { decodeMessage, encodeMessage } from '../../src/protocol/compile.js';
import { createTopics } from '../../src/protocol/messages/create-topics.js';
import { describeTopicPartitions } from '../../src/protocol/messages/describe-topic-partitions.js';
import { fetch } from '../../src/protocol/messages/fetch.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import { produce } from '../../src/protocol/messages/produce.js';
import { requestHeader } from '../../src/protocol/request-header.js';
import {
  array,
  bytes,
  type EncodableMessage,
  int8,
  int16,
  int32,
  int64,
  type Message,
  message,
  string,
  struct,
  uuid,
} from '../../src/protocol/schema.js';

const encode = <M extends Message>(schema: M, version: number, value: EncodableMessage<M>): string =>
  Buffer.concat(encodeMessage(schema as Message, version, value as never)).toString('hex');
const decode = (schema: Message, version: number, hex: string): unknown => decodeMessage(schema, version, Buffer.from(hex, 'hex'));

const sample = message('Sample', '0-2', '1+', {
  id: int32(),
  names: array(string(), '0+', { nullable: '1+' }),
  late: int64('1+', { default: -1n, ignorable: true }),
  strict: string('2+', { nullable: '0+', default: null }),
  nested: array({ key: int16(), flag: int8('2+') }, '1+'),
  optional: struct({ at: int32('0+', { default: 5 }) }, '2+', { nullable: '0+', default: null }),
  blob: bytes('1+', { tag: 1, nullable: '2+', default: null, ignorable: true }),
  topicId: uuid('1+', { tag: 0, ignorable: true }),
});

describe('encodeMessage', () => {
  it('writes long lengths before the first flexible version, compact ones and tags from it on', () => {
    expect(encode(sample, 0, { id: 1, names: ['ab'] })).toBe('000000010000000100026162');
    expect(encode(sample, 1, { id: 1, names: ['ab'] })).toBe(`0000000102036162ffffffffffffffff0100`);
  });

  it('writes tagged fields by rising tag, and only those that are not at their default', () => {
    const value = { id: 1, names: null, blob: Uint8Array.of(9), topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' };
    expect(encode(sample, 2, value)).toBe('0000000100ffffffffffffffff0001ff0200100000000000000000000000000000000101020209');
    expect(encode(sample, 2, { ...value, blob: null, topicId: ZERO_UUID })).toBe('0000000100ffffffffffffffff0001ff00');
  });

  it('drops an ignorable value that the version lacks, and refuses any other', () => {
    expect(encode(sample, 0, { id: 1, names: [], late: 7n, topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' })).toBe('0000000100000000');
    expect(() => encode(sample, 1, { id: 1, names: [], strict: 'x' })).toThrow(
      new UnsupportedVersionError('Sample version 1, strict: cannot be sent in this version'),
    );
    expect(encode(sample, 1, { id: 1, names: [], strict: null, optional: null })).toBe('0000000101ffffffffffffffff0100');
  });

  it('names the field of a value that does not fit', () => {
    const nested = [{ key: 1 }, { key: 70_000 }];
    expect(() => encode(sample, 1, { id: 1, names: [], nested })).toThrow(
      new TypeError('Sample version 1, nested[1].key: 70000 is no int16'),
    );
    expect(() => encode(sample, 0, { id: 1, names: null })).toThrow(
      new TypeError('Sample version 0, names: null where null is not allowed'),
    );
    expect(() => encode(sample, 0, { id: 1, names: ['a'.repeat(32_768)] })).toThrow(
      new TypeError('Sample version 0, names[0]: string of 32768 bytes is longer than 32767'),
    );
  });

  it('names the version that there is not', () => {
    for (const version of [-1, 3, 0.5]) {
      expect(() => encode(sample, version, { id: 1, names: [] })).toThrow(
        new UnsupportedVersionError(`Sample has versions 0-2, not ${version}`),
      );
    }
  });

  it('passes record batches on uncopied', () => {
    const records = new Uint8Array(50_000);
    const chunks = encodeMessage(produce.request, 9, {
      acks: 1,
      timeoutMs: 1,
      topicData: [{ name: 't', partitionData: [{ index: 0, records }] }],
    });
    expect(chunks).toContain(records);
  });

  it('takes what is said of tagged structs with all at their default for nothing', () => {
    const partition = { partitionIndex: 0, errorCode: 0, highWatermark: 0n, abortedTransactions: null, records: null };
    const withDefaults = { ...partition, currentLeader: { leaderId: -1, leaderEpoch: -1 }, divergingEpoch: {} };
    const response = (of: typeof partition) => ({ throttleTimeMs: 0, responses: [{ partitions: [of] }] });
    expect(encode(fetch.response, 12, response(withDefaults))).toBe(encode(fetch.response, 12, response(partition)));
  });
});

describe('decodeMessage', () => {
  it('gives fields that the version lacks at their default', () => {
    expect(decode(sample, 0, '0000000100000000')).toEqual({
      id: 1,
      names: [],
      late: -1n,
      strict: null,
      nested: [],
      optional: null,
      blob: null,
      topicId: ZERO_UUID,
    });
  });

  it('steps over tags that it does not know', () => {
    const fields = '0000000101ffffffffffffffff01';
    expect(decode(sample, 1, `${fields}0263031122336402aabb`)).toEqual(decode(sample, 1, `${fields}00`));
  });

  it('keeps the two-byte length of the client id in a flexible header', () => {
    const header = { requestApiKey: 18, requestApiVersion: 3, correlationId: 7, clientId: 'ab' };
    expect(encode(requestHeader, 2, header)).toBe('00120003000000070002616200');
    expect(decode(requestHeader, 2, '00120003000000070002616200')).toEqual(header);
  });

  it('gives bytes and records as views of the frame', () => {
    const frame = Buffer.concat(
      encodeMessage(produce.request, 9, {
        acks: 1,
        timeoutMs: 1,
        topicData: [{ name: 't', partitionData: [{ index: 0, records: Uint8Array.of(1, 2, 3) }] }],
      }),
    );
    const records = decodeMessage(produce.request, 9, frame).topicData[0]?.partitionData[0]?.records;
    expect(records).toEqual(Uint8Array.of(1, 2, 3));
    expect(records?.buffer).toBe(frame.buffer);
  });

  it.each([
    ['a frame that ends early', 0, '0000', 'Sample version 0, id, byte 0: needs 4 bytes but 2 remain'],
    ['bytes after the message', 0, '000000010000000000', 'Sample version 0, byte 8: 1 bytes are left over'],
    ['more elements than bytes', 0, '000000017fffffff', 'Sample version 0, names, byte 8: array of 2147483647 elements but 0 bytes remain'],
    [
      'elements that cannot all fit',
      0,
      '0000000100000002000261',
      'Sample version 0, names, byte 8: array of 2 elements but 3 bytes remain',
    ],
    ['a negative length', 0, '00000001fffffffe', 'Sample version 0, names, byte 8: length -2 is negative'],
    ['a negative string length', 0, '0000000100000001fffe', 'Sample version 0, names[0], byte 10: length -2 is negative'],
    ['null where it may not be', 0, '00000001ffffffff', 'Sample version 0, names, byte 8: null where null is not allowed'],
    ['a null element', 0, '0000000100000001ffff', 'Sample version 0, names[0], byte 10: null where null is not allowed'],
    ['a string that is too long', 0, '000000010000000100046162', 'Sample version 0, names[0], byte 10: needs 4 bytes but 2 remain'],
    ['text that is not UTF-8', 0, '00000001000000010001ff', 'Sample version 0, names[0], byte 11: text is not UTF-8'],
    ['a tag that is cut short', 1, '0000000101ffffffffffffffff01016302aa', 'Sample version 1, byte 17: needs 2 bytes but 1 remain'],
    [
      'a tag with bytes to spare',
      1,
      `0000000101ffffffffffffffff01010011${'00'.repeat(17)}`,
      'Sample version 1, topicId, byte 33: 1 bytes are left over',
    ],
    [
      'a tag that is too small for its field',
      1,
      `0000000101ffffffffffffffff0101000f${'00'.repeat(17)}`,
      'Sample version 1, topicId, byte 17: needs 16 bytes but 15 remain',
    ],
    ['a tag count without tags', 1, '0000000101ffffffffffffffff01ffffffff0f', 'Sample version 1, byte 19: needs 1 bytes but 0 remain'],
  ])('refuses %s', (_what, version, hex, text) => {
    expect(() => decode(sample, version, hex)).toThrow(new ProtocolError(text));
  });

  it('names the path of a field deep inside', () => {
    const partition = { errorCode: 0, partitionIndex: 0, leaderId: 1, leaderEpoch: 0x0badcafe, replicaNodes: [1], isrNodes: [1] };
    const whole = encode(metadata.response, 12, { brokers: [], topics: [{ errorCode: 0, name: 'a', partitions: [partition] }] });
    const replicas = whole.indexOf('0badcafe') + 8;
    const damaged = `${whole.slice(0, replicas)}7f${whole.slice(replicas + 2)}`;
    const place = `topics[0].partitions[0].replicaNodes, byte ${replicas / 2 + 1}`;
    expect(() => decode(metadata.response, 12, damaged)).toThrow(
      new ProtocolError(`MetadataResponse version 12, ${place}: array of 126 elements but 17 bytes remain`),
    );
  });

  it('reads a null struct', () => {
    const value = { topics: [], responsePartitionLimit: 5, cursor: null };
    expect(decode(describeTopicPartitions.request, 0, encode(describeTopicPartitions.request, 0, value))).toEqual(value);
  });

  it('allocates nothing on the word of a length alone', () => {
    const before = process.memoryUsage().rss;
    for (let count = 0; count < 1_000; count++) {
      expect(() => decode(createTopics.request, 5, 'ffffffff0f')).toThrow(ProtocolError);
      expect(() => decode(createTopics.request, 4, '7fffffff')).toThrow(ProtocolError);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });
});
