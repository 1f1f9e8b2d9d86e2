import { createRealEnvironment } from '../environment/real.js';
import { type Client, type ClientConfig, createClient } from './client.js';

/** A client on the system's sockets and clock. */
export function createRealClient(config: ClientConfig): Client {
  const environment = createRealEnvironment();
  const client = createClient(environment, config);
  return {
    ...client,
    close: () => {
      client.close();
      environment.close();
    },
  };
}
