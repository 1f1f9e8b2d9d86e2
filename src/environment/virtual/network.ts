import { connectFailure } from '../connection-failure.js';
import { type Address, addressName, type Connection, type Network, type Random } from '../environment.js';
import { type ConnectionPair, createConnectionPair, systemError } from './connection.js';
import type { Life } from './life.js';
import { createLink, type Latency, type Link } from './link.js';
import type { Scheduler } from './scheduler.js';

/**
 * One network for all hosts of a world, and what can go wrong in it. A direction is from one host to another; reordering between
 * connections comes of latency's spread.
 */
export interface VirtualNetwork {
  /** A host's view of it, for one life. TLS is not simulated: its options say nothing here. */
  readonly attach: (host: string, life: Life) => Network;
  readonly setLatency: (from: string, to: string, latency: Latency) => void;
  /** Holds back all that goes from one host to the other, until healed. */
  readonly cut: (from: string, to: string) => void;
  readonly heal: (from: string, to: string) => void;
  /** Resets all connections between two hosts: what is on its way is lost, and both ends hear of it. */
  readonly resetConnections: (one: string, other: string) => void;
}

interface Listening {
  readonly host: string;
  readonly life: Life;
  readonly accept: (connection: Connection) => void;
}

const DEFAULT_LATENCY: Latency = { minMs: 0.1, maxMs: 0.5 };
const FIRST_EPHEMERAL_PORT = 32_768;
/** One for all: while a node is down others try it again and again, and an error costs more than the look. */
const refused = systemError('ECONNREFUSED');
/** What a process hears that was killed within a transition and does not know it. */
const never = new Promise<never>(() => {});

export function createVirtualNetwork(scheduler: Scheduler, random: Random): VirtualNetwork {
  const listeners = new Map<string, Listening>();
  const links = new Map<string, Link>();
  /** Of both ends' hosts; those that have ended are dropped when the next is made. */
  const connections = new Map<string, Set<ConnectionPair>>();
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

  /** All that is not over. */
  const connectionsBetween = (one: string, other: string): Set<ConnectionPair> => {
    const key = one < other ? `${one} - ${other}` : `${other} - ${one}`;
    const known = connections.get(key) ?? new Set<ConnectionPair>();
    for (const pair of known) if (pair.isOver()) known.delete(pair);
    connections.set(key, known);
    return known;
  };

  const listen = (host: string, life: Life, address: Address, accept: Listening['accept']) => {
    const port = address.port === 0 ? nextPort++ : address.port;
    const key = addressName({ host: address.host, port });
    if (listeners.has(key)) throw systemError('EADDRINUSE');
    const listening = { host, life, accept };
    listeners.set(key, listening);
    const stop = () => {
      release();
      // Who was killed may close it once more while its next life listens there.
      if (listeners.get(key) === listening) listeners.delete(key);
    };
    const release = life.own(stop);
    return { port, close: async () => stop() };
  };

  /** The first packet goes there, an answer comes back, and only then is there a connection. */
  const connect = (host: string, life: Life, address: Address, signal?: AbortSignal) =>
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
        life.runInput(conclude);
      };
      there.carry(there.drawLatencyMs(), () => {
        if (life.isOver()) return;
        const listening = listeners.get(addressName(address));
        if (listening === undefined) {
          back.carry(back.drawLatencyMs(), () => settle(() => reject(connectFailure(address, refused))));
          return;
        }
        const near = { life, remote: address, link: there };
        const far = { life: listening.life, remote: { host, port: nextPort++ }, link: back };
        const pair = createConnectionPair(scheduler, random, near, far);
        connectionsBetween(host, peer).add(pair);
        // The system itself completes the connection, though the process may stand still.
        listening.life.runInput(() => listening.accept(pair.far));
        back.carry(back.drawLatencyMs(), () => settle(() => (waits ? resolve(pair.near) : pair.near.destroy())));
      });
    });

  return {
    attach: (host, life) => ({
      listen: async (address, accept) => (life.isOver() ? never : listen(host, life, address, accept)),
      connect: (address, options) => (life.isOver() ? never : connect(host, life, address, options?.signal)),
    }),
    setLatency: (from, to, latency) => linkBetween(from, to).setLatency(latency),
    cut: (from, to) => linkBetween(from, to).cut(),
    heal: (from, to) => linkBetween(from, to).heal(),
    resetConnections: (one, other) => {
      for (const pair of connectionsBetween(one, other)) pair.reset();
    },
  };
}
