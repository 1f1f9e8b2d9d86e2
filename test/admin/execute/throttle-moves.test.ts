import { expect, it } from 'vitest';
import { liftThrottle, remainsOfThrottle, type SetThrottle } from '../../../src/admin/execute/set-throttle.js';
import { throttleMoves } from '../../../src/admin/execute/throttle-moves.js';
import { errorCode } from '../../../src/model/error-code.js';
import { describeConfigs } from '../../../src/protocol/messages/describe-configs.js';
import { incrementalAlterConfigs } from '../../../src/protocol/messages/incremental-alter-configs.js';
import { scriptedCluster } from '../scripted-cluster.js';

const RATES = ['leader.replication.throttled.rate', 'follower.replication.throttled.rate'];
const LISTS = ['leader.replication.throttled.replicas', 'follower.replication.throttled.replicas'];
const move = { topic: 't', partition: 0, leaderBefore: 1, leaderAfter: 1, replicasBefore: [1, 2], replicasAfter: [1, 3] };

/** Brokers 1 to 3 with configs as they are told, by `type name config`; type 2 is a topic, 4 a broker. */
async function kafkaWith(
  configs: Record<string, string>,
  { refuses = '', staleLooks = 0, appendsToUnset = true, describeVersion = 4 } = {},
) {
  const { client, brokers, run } = await scriptedCluster(3, [describeConfigs, 1, describeVersion], [incrementalAlterConfigs, 0, 1]);
  let looks = staleLooks;
  for (const broker of brokers) {
    broker.on(describeConfigs, ({ resources }) => ({
      throttleTimeMs: 0,
      results: resources.map(({ resourceType, resourceName, configurationKeys }) => ({
        errorCode: 0,
        errorMessage: null,
        resourceType,
        resourceName,
        configs: (configurationKeys ?? []).map((name) => {
          const value = configs[`${resourceType} ${resourceName} ${name}`];
          const isHidden = value === '50' && looks-- > 0;
          const isSet = value !== undefined && !isHidden;
          return { name, value: isSet ? value : null, readOnly: false, configSource: isSet ? 2 : 5, isSensitive: false, synonyms: [] };
        }),
      })),
    }));
    broker.on(incrementalAlterConfigs, ({ resources }) => ({
      throttleTimeMs: 0,
      responses: resources.map(({ resourceType, resourceName, configs: operations }) => {
        const isRefused = resourceName === refuses;
        const isUnset = ({ name }: { readonly name: string }) => configs[`${resourceType} ${resourceName} ${name}`] === undefined;
        if (!appendsToUnset && operations.some((each) => each.configOperation === 2 && isUnset(each)))
          return { errorCode: -1, errorMessage: 'null', resourceType, resourceName };
        for (const { name, configOperation, value } of isRefused ? [] : operations) {
          const key = `${resourceType} ${resourceName} ${name}`;
          const listed = (configs[key] ?? '').split(',').filter((each) => each !== '');
          const given = (value ?? '').split(',');
          if (configOperation === 0) configs[key] = value ?? '';
          else if (configOperation === 1) delete configs[key];
          else if (configOperation === 2) configs[key] = [...listed, ...given].join(',');
          else configs[key] = listed.filter((each) => !given.includes(each)).join(',');
        }
        return { errorCode: isRefused ? errorCode('INVALID_CONFIG') : 0, errorMessage: null, resourceType, resourceName };
      }),
    }));
  }
  const waits: number[] = [];
  const journaled = new Set<SetThrottle>();
  const journal = async (throttle: SetThrottle) => {
    journaled.add(structuredClone(throttle));
    expect(Object.values(configs)).not.toContain('50');
    return () => journaled.clear();
  };
  const options = { bytesPerSecond: 50, verifyMs: 200, sleep: async (ms: number) => void waits.push(ms), journal };
  return {
    configs,
    waits,
    run,
    journaled,
    throttle: () => run(throttleMoves(client, [move], options)),
    remainsOf: (throttle: SetThrottle) => run(remainsOfThrottle(client, throttle)),
    lift: (throttle: SetThrottle) => run(liftThrottle(client, throttle)),
  };
}
const rate = (broker: number, side: number) => `4 ${broker} ${RATES[side]}`;
const list = (side: number) => `2 t ${LISTS[side]}`;

it('is set on all brokers of the moves, for what they hold and for what they get, and is gone afterwards', async () => {
  const kafka = await kafkaWith({});
  const throttle = await kafka.throttle();
  expect(throttle.throttledBefore).toEqual([]);
  expect(kafka.journaled.size).toBe(1);
  expect(kafka.configs).toEqual({
    ...Object.fromEntries([1, 2, 3].flatMap((broker) => [0, 1].map((side) => [rate(broker, side), '50']))),
    [list(0)]: '0:1,0:2',
    [list(1)]: '0:3',
  });
  expect(await kafka.run(throttle.lift())).toEqual([]);
  expect(kafka.configs).toEqual({});
  expect(kafka.journaled.size).toBe(0);
});

it('is lifted by what was written down, where the process that set it is gone, and only that', async () => {
  const kafka = await kafkaWith({ [rate(2, 0)]: '7', [rate(2, 1)]: '7', [list(0)]: '0:2,5:1' });
  await kafka.throttle();
  const [left] = [...kafka.journaled];
  kafka.configs[rate(1, 0)] = '9';
  const remains = await kafka.remainsOf(left!);
  expect(remains.map(({ resource, operations, error }) => [resource.name, operations.map(({ name }) => name), error])).toEqual([
    ['t', LISTS, null],
    ['1', [RATES[1]], null],
    ['3', RATES, null],
  ]);
  expect(await kafka.lift(left!)).toEqual([]);
  expect(kafka.configs).toEqual({ [rate(1, 0)]: '9', [rate(2, 0)]: '7', [rate(2, 1)]: '7', [list(0)]: '0:2,5:1' });
  expect(await kafka.remainsOf(left!)).toEqual([]);
});

it('leaves alone what others have set, before and meanwhile', async () => {
  const kafka = await kafkaWith({ [rate(2, 0)]: '7', [rate(2, 1)]: '7', [list(0)]: '0:2,5:1', [list(1)]: '*' });
  const throttle = await kafka.throttle();
  expect(throttle.throttledBefore).toEqual([2]);
  expect(kafka.configs[list(0)]).toBe('0:2,5:1,0:1');
  expect(kafka.configs[list(1)]).toBe('*');
  kafka.configs[rate(1, 0)] = '9';
  await kafka.run(throttle.lift());
  expect(kafka.configs).toEqual({ [rate(1, 0)]: '9', [rate(2, 0)]: '7', [rate(2, 1)]: '7', [list(0)]: '0:2,5:1', [list(1)]: '*' });
});

it('leaves a list that others have added to meanwhile, and one that was empty before', async () => {
  const kafka = await kafkaWith({ [list(0)]: '' });
  const throttle = await kafka.throttle();
  expect(kafka.configs[list(0)]).toBe('0:1,0:2');
  kafka.configs[list(1)] += ',7:1';
  await kafka.run(throttle.lift());
  expect(kafka.configs).toEqual({ [list(0)]: '', [list(1)]: '7:1' });
});

it('is waited for until each broker knows it', async () => {
  const kafka = await kafkaWith({}, { staleLooks: 4 });
  await kafka.throttle();
  expect(kafka.waits.length).toBeGreaterThan(0);
});

it('leaves nothing where it is refused, or where a broker never hears of it', async () => {
  const refused = await kafkaWith({}, { refuses: '3' });
  await expect(refused.throttle()).rejects.toThrow('The throttle was refused by broker 3');
  expect(refused.configs).toEqual({});
  const silent = await kafkaWith({}, { staleLooks: 30 });
  await expect(silent.throttle()).rejects.toThrow('does not know of the throttle yet');
  expect(silent.configs).toEqual({});
  // What cannot be taken back either, as far as one knows, stays written down.
  expect([refused.journaled.size, silent.journaled.size]).toEqual([1, 0]);
});

it('does not wait for what Kafka 2.4 does not tell', async () => {
  const kafka = await kafkaWith({}, { staleLooks: Number.POSITIVE_INFINITY, describeVersion: 2 });
  const { lift } = await kafka.throttle();
  expect(kafka.waits).toEqual([]);
  expect(kafka.configs[rate(1, 0)]).toBe('50');
  await kafka.run(lift());
  expect(kafka.configs).toEqual({});
});

it('sets a list that nobody had set where Kafka 2.4 cannot append to it, and appends to the other', async () => {
  const kafka = await kafkaWith({ [list(0)]: '7:9' }, { appendsToUnset: false });
  const { lift } = await kafka.throttle();
  expect(kafka.configs[list(0)]).toBe('7:9,0:1,0:2');
  expect(kafka.configs[list(1)]).toBe('0:3');
  expect(await kafka.run(lift())).toEqual([]);
  expect(kafka.configs).toEqual({ [list(0)]: '7:9' });
});
