import { connectFailure } from '../connection-failure.js';
import { type Address, addressName, type Connection, type Network, type Random } from '../environment.js';
import type { Lifetime } from '../lifetime.js';
import { createConnectionPair, systemError } from './connection.js';
import { createLink, type Latency, type Link } from './link.js';
import type { Scheduler } from './scheduler.js';

/** One network for all hosts of a world, and what can go wrong in it. A direction is from one host to another; reordering between connections comes of latency's spread. */
export interface VirtualNetwork {
  /** A host's view of it, for one life. TLS is not simulated: its options say nothing here. */
  readonly attach: (host: string, lifetime: Lifetime) => Network;
  readonly setLatency: (from: string, to: string, latency: Latency) => void;
  /** Holds back all that goes from one host to the other, until healed. */
  readonly cut: (from: string, to: string) => void;
  readonly heal: (from: string, to: string) => void;
}

interface Listening {
  readonly host: string;
  readonly lifetime: Lifetime;
  readonly accept: (connection: Connection) => void;
}

const DEFAULT_LATENCY: Latency = { minMs: 0.1, maxMs: 0.5 };
const FIRST_EPHEMERAL_PORT = 32_768;

export function createVirtualNetwork(scheduler: Scheduler, random: Random): VirtualNetwork {
  const listeners = new Map<string, Listening>();
  const links = new Map<string, Link>();
  let nextPort = FIRST_EPHEMERAL_PORT;

  const linkBetween = (from: string, to: string): Link => {
    const key = `${from} -> ${to}`;
    let link = links.get(key);
    if (link === undefined) {
      link = createLink(scheduler, random, DEFAULT_LATENCY);
      links.set(key, link);
    }
    return link;
  };

  const listen = (host: string, lifetime: Lifetime, address: Address, accept: Listening['accept']) => {
    const port = address.port === 0 ? nextPort++ : address.port;
    const key = addressName({ host: address.host, port });
    if (listeners.has(key)) throw systemError('EADDRINUSE');
    listeners.set(key, { host, lifetime, accept });
    const stop = () => {
      release();
      listeners.delete(key);
    };
    const release = lifetime.own(stop);
    return { port, close: async () => stop() };
  };

  /** The first packet goes there, an answer comes back, and only then is there a connection. */
  const connect = (host: string, lifetime: Lifetime, address: Address, signal?: AbortSignal) =>
    new Promise<Connection>((resolve, reject) => {
      signal?.throwIfAborted();
      // A host that listens nowhere under this address refuses by itself, whichever host that is.
      const peer = listeners.get(addressName(address))?.host ?? address.host;
      const there = linkBetween(host, peer);
      const back = linkBetween(peer, host);
      let waits = true;
      const onAbort = () => {
        waits = false;
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort);
      const settle = (conclude: () => void) => {
        signal?.removeEventListener('abort', onAbort);
        if (!lifetime.isOver()) conclude();
      };
      there.carry(there.drawLatencyMs(), () => {
        if (lifetime.isOver()) return;
        const listening = listeners.get(addressName(address));
        if (listening === undefined) {
          back.carry(back.drawLatencyMs(), () => settle(() => reject(connectFailure(address, systemError('ECONNREFUSED')))));
          return;
        }
        const near = { lifetime, remote: address, link: there };
        const far = { lifetime: listening.lifetime, remote: { host, port: nextPort++ }, link: back };
        const [nearEnd, farEnd] = createConnectionPair(scheduler, random, near, far);
        listening.accept(farEnd);
        back.carry(back.drawLatencyMs(), () => settle(() => (waits ? resolve(nearEnd) : nearEnd.destroy())));
      });
    });

  return {
    attach: (host, lifetime) => ({
      listen: async (address, accept) => listen(host, lifetime, address, accept),
      connect: (address, options) => connect(host, lifetime, address, options?.signal),
    }),
    setLatency: (from, to, latency) => linkBetween(from, to).setLatency(latency),
    cut: (from, to) => linkBetween(from, to).cut(),
    heal: (from, to) => linkBetween(from, to).heal(),
  };
}
