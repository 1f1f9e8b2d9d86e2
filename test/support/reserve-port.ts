import { type AddressInfo, connect, createServer } from 'node:net';

/**
 * A loopback port that the system gives to nobody else for about a minute, but that a server which sets SO_REUSEADDR, as Java's and
 * Node's do, may bind: the side of a connection that closes first leaves the port in TIME_WAIT. For servers that must be told their
 * port before they listen.
 */
export async function reservePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve, reject) => {
    server.once('connection', (accepted) => accepted.end());
    const client = connect({ host: '127.0.0.1', port, allowHalfOpen: true }, () => client.resume());
    client
      .once('error', reject)
      .once('end', () => client.end())
      .once('close', () => server.close(() => resolve()));
  });
  return port;
}
