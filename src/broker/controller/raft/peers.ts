import { createBrokerPool } from '../../../client/broker-pool.js';
import { createDeadline } from '../../../client/deadline.js';
import type { Address, Environment } from '../../../environment/environment.js';
import { ConnectionError, TimeoutError } from '../../../model/errors.js';
import type { Api, Decoded, Encodable, Fields } from '../../../protocol/schema.js';

/** The other voters, over their controller listeners: one connection to each, made on use. */
export interface Peers {
  /** Null where there is no answer in time: the voter, or the way to it, is down. */
  readonly request: <Q extends Fields, P extends Fields>(voterId: number, api: Api<Q, P>, body: Encodable<Q>) => Promise<Decoded<P> | null>;
  readonly close: () => void;
}

export interface PeersOptions {
  readonly nodeId: number;
  readonly voters: readonly (Address & { readonly id: number })[];
  readonly timeoutMs: number;
  /** Called when nobody listens where a voter should: its process is gone. */
  readonly onRefused: (voterId: number) => void;
}

export function createPeers(environment: Environment, { nodeId, voters, timeoutMs, onRefused }: PeersOptions): Peers {
  const pool = createBrokerPool(environment, [], {
    clientId: `raft-client-${nodeId}`,
    software: { name: 'kafka-ts', version: 'broker' },
    timeoutMs,
    tls: undefined,
    authenticate: undefined,
    onRequest: () => {},
  });
  const addresses = new Map(voters.map((voter) => [voter.id, voter]));

  const ask: Peers['request'] = async (voterId, api, body) => {
    const address = addresses.get(voterId);
    if (address === undefined) throw new Error(`node ${voterId} is no voter`);
    const deadline = createDeadline(environment.clock, timeoutMs);
    const opening = pool.at(address);
    const broker = opening.ready() ?? (await deadline.wait(opening.broker, opening.missing));
    try {
      return await deadline.wait(broker.request(api, body), () => `node ${voterId} did not answer ${api.name}`);
    } catch (error) {
      // Answers come in order: what is asked next would wait for this one.
      if (error instanceof TimeoutError) broker.close(error);
      throw error;
    }
  };
  return {
    request: async (voterId, api, body) => {
      try {
        return await ask(voterId, api, body);
      } catch (error) {
        const isDown = error instanceof ConnectionError || error instanceof TimeoutError;
        if (isRefused(error)) onRefused(voterId);
        if (!isDown) environment.log('error', `No answer to ${api.name} of node ${voterId}: ${error}`);
        return null;
      }
    },
    close: pool.close,
  };
}

const isRefused = (error: unknown): boolean =>
  error instanceof ConnectionError && error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'ECONNREFUSED';
