import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src/model/errors.js';
import { apiByKey } from '../../src/protocol/apis.js';
import { decodeMessage } from '../../src/protocol/compile.js';
import { correlationIdOf, decodeRequestHeader, decodeResponse, encodeRequest, encodeResponse } from '../../src/protocol/frame.js';
import { apiVersions } from '../../src/protocol/messages/api-versions.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import { saslHandshake } from '../../src/protocol/messages/sasl-handshake.js';

const joined = (chunks: readonly Uint8Array[]): Buffer => Buffer.concat(chunks);
const header = { correlationId: 7, clientId: 'me' };

describe('requests', () => {
  it('have the size first, header 1 before flexible versions and 2 from them on', () => {
    expect(joined(encodeRequest(metadata, 8, header, { topics: [] })).toString('hex')).toBe(
      '00000013' + '0003' + '0008' + '00000007' + '00026d65' + '00000000' + '010000',
    );
    expect(joined(encodeRequest(metadata, 9, header, { topics: [] })).toString('hex')).toBe(
      '00000012' + '0003' + '0009' + '00000007' + '00026d65' + '00' + '01' + '010000' + '00',
    );
  });

  it('are read in two steps: header, then body', () => {
    for (const version of [8, 9]) {
      const frame = joined(encodeRequest(metadata, version, header, { topics: [{ name: 'a' }] })).subarray(4);
      const { api, isVersionKnown, body, ...rest } = decodeRequestHeader(frame, apiByKey);
      expect(rest.header).toEqual({ requestApiKey: 3, requestApiVersion: version, ...header });
      expect(api).toBe(metadata);
      expect(isVersionKnown).toBe(true);
      expect(decodeMessage(metadata.request, version, body).topics?.map(({ name }) => name)).toEqual(['a']);
    }
  });

  it('of a version that is not known still show their header', () => {
    const frame = Buffer.from('001200630000000700026d65' + '00' + 'ffffff', 'hex');
    expect(decodeRequestHeader(frame, apiByKey)).toMatchObject({ header, isVersionKnown: false, api: { name: 'ApiVersions' } });
  });

  it.each([
    ['shorter than key and version', '0003', 'RequestHeader, byte 0: needs 4 bytes but 2 remain'],
    ['of an unknown API', '03e7000000000007ffff', 'RequestHeader, requestApiKey, byte 0: no API has the key 999'],
    ['cut in the header', '00030000000000070005', 'RequestHeader version 1, clientId, byte 10: needs 5 bytes but 0 remain'],
  ])('%s are refused', (_what, hex, message) => {
    expect(() => decodeRequestHeader(Buffer.from(hex, 'hex'), apiByKey)).toThrow(new ProtocolError(message));
  });
});

describe('responses', () => {
  it('have the size first, and a flexible header from flexible versions on', () => {
    expect(joined(encodeResponse(saslHandshake, 1, 7, { errorCode: 0, mechanisms: [] })).toString('hex')).toBe(
      '0000000a0000000700000000' + '0000',
    );
    const frame = joined(encodeResponse(metadata, 9, 7, { brokers: [], topics: [] })).subarray(4);
    expect(frame.subarray(0, 5).toString('hex')).toBe('0000000700');
    expect(correlationIdOf(frame)).toBe(7);
    expect(decodeResponse(metadata, 9, frame)).toMatchObject({ correlationId: 7, body: { controllerId: -1, topics: [] } });
  });

  it('of ApiVersions never have a flexible header', () => {
    const frame = joined(encodeResponse(apiVersions, 3, 7, { errorCode: 0, apiKeys: [] })).subarray(4);
    expect(frame.toString('hex')).toBe('00000007' + '0000' + '01' + '00000000' + '00');
    expect(decodeResponse(apiVersions, 3, frame).body.apiKeys).toEqual([]);
  });

  it('of ApiVersions in a version that the broker lacks come in version 0', () => {
    const apiKeys = [{ apiKey: 18, minVersion: 0, maxVersion: 2 }];
    const frame = joined(encodeResponse(apiVersions, 0, 7, { errorCode: 35, apiKeys })).subarray(4);
    expect(decodeResponse(apiVersions, 4, frame).body).toMatchObject({ errorCode: 35, apiKeys });
  });

  it('that are damaged name the byte in the frame', () => {
    expect(() => correlationIdOf(new Uint8Array(3))).toThrow(
      new ProtocolError('ResponseHeader, correlationId, byte 0: needs 4 bytes but 3 remain'),
    );
    const frame = joined(encodeResponse(saslHandshake, 1, 7, { errorCode: 0, mechanisms: ['PLAIN'] })).subarray(4);
    expect(() => decodeResponse(saslHandshake, 1, frame.subarray(0, -1))).toThrow(
      new ProtocolError('SaslHandshakeResponse version 1, mechanisms[0], byte 12: needs 5 bytes but 4 remain'),
    );
    expect(() => decodeResponse(saslHandshake, 1, Buffer.concat([frame, frame]))).toThrow(
      new ProtocolError('SaslHandshakeResponse version 1, byte 17: 17 bytes are left over'),
    );
  });
});
