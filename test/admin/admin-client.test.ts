import { describe, expect, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { ConnectionError, UsageError } from '../../src/model/errors.js';
import { incrementalAlterConfigs } from '../../src/protocol/messages/incremental-alter-configs.js';
import { scriptedCluster } from './scripted-cluster.js';

describe('AdminClient', () => {
  it('refuses addresses that are none before it connects', () => {
    expect(() => AdminClient.connect({ bootstrapServers: 'localhost' })).toThrow(UsageError);
  });

  it('alters the configs of topics', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [incrementalAlterConfigs, 0, 1]);
    brokers[0]!.on(incrementalAlterConfigs, ({ resources }) => ({
      throttleTimeMs: 0,
      responses: resources.map(({ resourceType, resourceName }) => ({ errorCode: 0, errorMessage: null, resourceType, resourceName })),
    }));
    const admin = new AdminClient(client);
    expect(await run(admin.alterTopicConfigs([{ topic: 'a', operations: [] }]))).toEqual([{ topic: 'a', error: null }]);
  });

  it('ends what is under way when it is closed', async () => {
    const { client, run } = await scriptedCluster(1);
    const admin = new AdminClient(client);
    const listing = admin.listTopics().catch((error: unknown) => error);
    await admin.close();
    expect(await run(listing)).toBeInstanceOf(ConnectionError);
  });
});
