import { createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { connectProducer } from '../../src/data/producer.js';

it('gives a silent broker up after --timeout, and names it', async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  const config = { bootstrapServers: `127.0.0.1:${port}`, timeoutMs: 300 };
  const options = { topic: 'orders', acks: -1, compression: 'none', idempotent: true } as const;
  await expect(connectProducer(config, options)).rejects.toThrow(`127.0.0.1:${port} did not answer ApiVersions in time`);
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});
