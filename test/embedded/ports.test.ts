import { describe, expect, it } from 'vitest';
import { findFreePorts } from '../../src/embedded/ports.js';
import { createWorld } from '../../src/environment/virtual.js';

describe('findFreePorts', () => {
  async function networkWithTaken(ports: readonly number[]) {
    const { network } = createWorld(1).createEnvironment('127.0.0.1');
    for (const port of ports) await network.listen({ host: '127.0.0.1', port }, () => {});
    return network;
  }

  it('takes the first where it is free', async () => {
    expect(await findFreePorts(await networkWithTaken([]), 29_092, 1)).toBe(29_092);
  });

  it('goes on behind those that are taken', async () => {
    expect(await findFreePorts(await networkWithTaken([29_092, 29_093]), 29_092, 1)).toBe(29_094);
  });

  it('wants several in a row', async () => {
    expect(await findFreePorts(await networkWithTaken([29_093, 29_097]), 29_092, 3)).toBe(29_094);
  });

  it('ends with the last port', async () => {
    const network = await networkWithTaken([65_534]);
    expect(await findFreePorts(network, 65_534, 1)).toBe(65_535);
    await expect(findFreePorts(network, 65_534, 2)).rejects.toThrow('no 2 free ports in a row from 65534 on');
  });
});
