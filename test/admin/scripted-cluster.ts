import { expect } from 'vitest';
import { type Client, createClient } from '../../src/client/client.js';
import type { Clock } from '../../src/environment/environment.js';
import { createWorld } from '../../src/environment/virtual.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import type { Api } from '../../src/protocol/schema.js';
import { clusterOf, type ScriptedBroker, scriptedBroker } from '../client/scripted-broker.js';

export interface ScriptedCluster {
  readonly client: Client;
  /** By node id, from 1. */
  readonly brokers: readonly ScriptedBroker[];
  /** The client's. */
  readonly clock: Clock;
  /** Runs the world until the call is done. */
  readonly run: <T>(call: Promise<T>) => Promise<T>;
}

/** Brokers 1 to `count` on a virtual network, the last of them the controller; all serve Metadata and, in these versions, the given APIs. */
export async function scriptedCluster(
  count: number,
  ...served: readonly (readonly [api: Api, minVersion: number, maxVersion: number])[]
): Promise<ScriptedCluster> {
  const world = createWorld('admin');
  const host = world.createEnvironment('broker');
  const nodes = Array.from({ length: count }, (_, index) => ({ nodeId: index + 1, port: 9092 + index }));
  const brokers: ScriptedBroker[] = [];
  for (const { port } of nodes) {
    const broker = await scriptedBroker(host, port, [[metadata, 0, 13], ...served]);
    broker.on(metadata, () => clusterOf(nodes, count));
    brokers.push(broker);
  }
  const environment = world.createEnvironment('client');
  const client = createClient(environment, { bootstrapServers: 'broker:9092', timeoutMs: 2000 });
  return { client, brokers, clock: environment.clock, run: (call) => world.finish(call) };
}

export const failed = (code: string) => expect.objectContaining({ code });
