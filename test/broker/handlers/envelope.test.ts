import { describe, expect, it } from 'vitest';
import { envelopeHandler } from '../../../src/broker/handlers/envelope.js';
import { addressToBytes } from '../../../src/broker/server/address-bytes.js';
import type { ControllerContext } from '../../../src/broker/server/controller-context.js';
import type { Dispatcher, Peer } from '../../../src/broker/server/dispatcher.js';
import { encodePrincipal } from '../../../src/broker/server/principal.js';
import { errorName } from '../../../src/model/error-code.js';
import { KafkaError } from '../../../src/model/errors.js';
import { ask } from './handler-context.js';

const CREATE_TOPICS = Uint8Array.of(0, 19, 0, 7, 0, 0, 0, 1, 255, 255, 0);
const ENVELOPE = Uint8Array.of(0, 58, 0, 0);

async function send(
  dispatch: Dispatcher,
  request: Partial<{ requestData: Uint8Array; requestPrincipal: Uint8Array | null; clientHostAddress: Uint8Array }> = {},
) {
  const context: Pick<ControllerContext, 'dispatch'> = { dispatch };
  const { errorCode, responseData } = await ask(envelopeHandler, context as ControllerContext, 0, {
    requestData: CREATE_TOPICS,
    requestPrincipal: encodePrincipal('User:alice'),
    clientHostAddress: addressToBytes('10.0.0.1'),
    ...request,
  });
  return errorCode === 0 ? [...(responseData ?? [])] : errorName(errorCode);
}

describe('Envelope', () => {
  it('answers what the request inside is answered, as its client', async () => {
    const peers: Peer[] = [];
    const dispatch: Dispatcher = (_frame, peer) => {
      peers.push(peer);
      return [Uint8Array.of(0, 0, 0, 2), Uint8Array.of(8, 9)];
    };
    expect(await send(dispatch)).toEqual([8, 9]);
    expect(peers[0]).toMatchObject({ principal: 'User:alice', address: { host: '10.0.0.1' }, connectionId: -1 });
  });

  it('says so where this is not the controller', async () => {
    const dispatch: Dispatcher = () => {
      throw new KafkaError('NOT_CONTROLLER');
    };
    expect(await send(dispatch)).toBe('NOT_CONTROLLER');
  });

  it('carries only what brokers hand on, and no other Envelope', async () => {
    const dispatch: Dispatcher = () => 'close';
    expect(await send(dispatch)).toBe('INVALID_REQUEST');
    expect(await send(dispatch, { requestData: ENVELOPE })).toBe('INVALID_REQUEST');
    expect(await send(dispatch, { requestData: Uint8Array.of(0) })).toBe('INVALID_REQUEST');
  });

  it('refuses a client that it cannot read', async () => {
    const dispatch: Dispatcher = () => 'none';
    expect(await send(dispatch, { requestPrincipal: null })).toBe('PRINCIPAL_DESERIALIZATION_FAILURE');
    expect(await send(dispatch, { requestPrincipal: Uint8Array.of(1) })).toBe('PRINCIPAL_DESERIALIZATION_FAILURE');
    expect(await send(dispatch, { clientHostAddress: Uint8Array.of(1, 2) })).toBe('PRINCIPAL_DESERIALIZATION_FAILURE');
  });
});
