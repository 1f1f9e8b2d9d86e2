import type { Client, Target } from '../client/client.js';
import { chunks } from '../model/chunks.js';
import { groupBy } from '../model/group-by.js';
import type { KafkaFailure, Result } from '../model/outcome.js';
import { type DescribeConfigsResponse, describeConfigs as describeConfigsApi } from '../protocol/messages/describe-configs.js';
import { incrementalAlterConfigs } from '../protocol/messages/incremental-alter-configs.js';
import { factsIn, failureIn, failureOfRequest, type Learned, wrongController } from './answer.js';
import type { CallOptions } from './call-options.js';
import type { ValidateOptions } from './topics.js';

const typeCodes = { topic: 2, broker: 4, 'broker-logger': 8, 'client-metrics': 16, group: 32 } as const;

/** What has configs. A broker's name is its id, or '' for the defaults of all brokers. */
export interface ConfigResource {
  readonly type: keyof typeof typeCodes;
  readonly name: string;
}
const resourceKey = (resourceType: number, resourceName: string) => `${resourceType} ${resourceName}`;
const keyOf = ({ type, name }: ConfigResource) => resourceKey(typeCodes[type], name);

/** Where a value comes from, in Kafka's words (DescribeConfigsResponse.ConfigSource); UNKNOWN is one of a newer Kafka. */
export type ConfigSource = (typeof sources)[number];
const sources = [
  'UNKNOWN',
  'DYNAMIC_TOPIC_CONFIG',
  'DYNAMIC_BROKER_CONFIG',
  'DYNAMIC_DEFAULT_BROKER_CONFIG',
  'STATIC_BROKER_CONFIG',
  'DEFAULT_CONFIG',
  'DYNAMIC_BROKER_LOGGER_CONFIG',
  'DYNAMIC_CLIENT_METRICS_CONFIG',
  'DYNAMIC_GROUP_CONFIG',
] as const;
const sourceOf = (code: number): ConfigSource => sources[code] ?? 'UNKNOWN';

export interface ConfigEntry {
  readonly name: string;
  /** Null where it is sensitive or has none. */
  readonly value: string | null;
  readonly source: ConfigSource;
  readonly sensitive: boolean;
  readonly readOnly: boolean;
  /** Where the value would come from, the first that is set being the one that holds. Empty unless asked for. */
  readonly synonyms: readonly { readonly name: string; readonly value: string | null; readonly source: ConfigSource }[];
}
export interface ResourceConfigs {
  /** By name. */
  readonly configs: readonly ConfigEntry[];
}
export interface ResourceKey {
  readonly resource: ConfigResource;
}
export interface DescribeConfigsOptions extends CallOptions {
  readonly includeSynonyms?: boolean;
  /** These alone; all if left out. */
  readonly names?: readonly string[];
}

/** So that an answer stays in the tens of megabytes: a topic has some 40 configs. */
const RESOURCES_PER_REQUEST = 1000;

/** The configs of resources, in their order. Where several requests are needed, what one of them could not learn is rows with its error. */
export async function describeConfigs(
  client: Client,
  resources: readonly ConfigResource[],
  { includeSynonyms = false, names, ...options }: DescribeConfigsOptions = {},
): Promise<readonly Learned<ResourceKey, ResourceConfigs>[]> {
  const read = async (target: Target, batch: readonly ConfigResource[]) => {
    const wanted = batch.map(({ type, name }) => ({ resourceType: typeCodes[type], resourceName: name, configurationKeys: names ?? null }));
    const { results } = await client.request(describeConfigsApi, { resources: wanted, includeSynonyms }, { to: target, ...options });
    return results;
  };
  const answers = await askOwners(resources, 'any', read);
  return resources.map((resource) => {
    const answer = answers.get(keyOf(resource));
    if (answer !== undefined && 'code' in answer) return { resource, configs: null, error: answer };
    return { resource, ...factsIn(answer, configsOf, { configs: null }) };
  });
}

const configsOf = ({ configs }: DescribeConfigsResponse['results'][number]): ResourceConfigs => ({
  configs: configs
    .map(({ name, value, configSource, isSensitive, readOnly, synonyms }) => ({
      name,
      value,
      source: sourceOf(configSource),
      sensitive: isSensitive,
      readOnly,
      synonyms: synonyms.map((synonym) => ({ name: synonym.name, value: synonym.value, source: sourceOf(synonym.source) })),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
});

const operationCodes = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

/** To set a value, to go back to the default, or to add to or take from a list such as cleanup.policy. */
export type ConfigOperation =
  | { readonly operation: 'set' | 'append' | 'subtract'; readonly name: string; readonly value: string }
  | { readonly operation: 'delete'; readonly name: string };
export interface ConfigAlteration extends ResourceKey {
  readonly operations: readonly ConfigOperation[];
}

/**
 * Changes single configs and leaves all others alone, or checks whether it could: one result for each resource, in their order.
 * By IncrementalAlterConfigs (KIP-339); a broker before 2.3 lacks it, and the old AlterConfigs, which would drop what others set
 * in the meantime, is never taken in its place.
 */
export async function alterConfigs(
  client: Client,
  alterations: readonly ConfigAlteration[],
  { validateOnly = false, ...options }: ValidateOptions = {},
): Promise<readonly Result<ResourceKey>[]> {
  const operationsOf = new Map(alterations.map(({ resource, operations }) => [keyOf(resource), operations]));
  const write = async (target: Target, batch: readonly ConfigResource[]) => {
    const resources = batch.map((resource) => ({
      resourceType: typeCodes[resource.type],
      resourceName: resource.name,
      configs: (operationsOf.get(keyOf(resource)) ?? []).map((change) => ({
        name: change.name,
        configOperation: operationCodes[change.operation],
        value: change.operation === 'delete' ? null : change.value,
      })),
    }));
    const { responses } = await client.request(
      incrementalAlterConfigs,
      { resources, validateOnly },
      { to: target, failure: (answer) => wrongController(answer.responses), ...options },
    );
    return responses;
  };
  const resources = alterations.map(({ resource }) => resource);
  const answers = await askOwners(resources, 'controller', write);
  return resources.map((resource) => {
    const answer = answers.get(keyOf(resource));
    return { resource, error: answer !== undefined && 'code' in answer ? answer : failureIn(answer) };
  });
}

interface ResourceAnswer {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
}

/**
 * Asks each broker of its own configs and its loggers, `others` of all else, and all of them at once. Of a request that failed
 * among several its resources have the failure; where it was the only one it is thrown.
 */
async function askOwners<Answer extends ResourceAnswer>(
  resources: readonly ConfigResource[],
  others: 'any' | 'controller',
  ask: (target: Target, batch: readonly ConfigResource[]) => Promise<readonly Answer[]>,
): Promise<ReadonlyMap<string, Answer | KafkaFailure>> {
  const groups = groupBy(resources, ({ type, name }) =>
    (type === 'broker' && name !== '') || type === 'broker-logger' ? Number(name) : others,
  );
  const batches = [...groups].flatMap(([owner, group]) =>
    chunks(group, RESOURCES_PER_REQUEST).map((batch) => ({ target: typeof owner === 'number' ? { broker: owner } : owner, batch })),
  );
  const answers = new Map<string, Answer | KafkaFailure>();
  const askOne = async (target: Target, batch: readonly ConfigResource[]) => {
    try {
      for (const answer of await ask(target, batch)) answers.set(resourceKey(answer.resourceType, answer.resourceName), answer);
    } catch (error) {
      if (batches.length === 1) throw error;
      const failed = failureOfRequest(error);
      for (const resource of batch) answers.set(keyOf(resource), failed);
    }
  };
  await Promise.all(batches.map(({ target, batch }) => askOne(target, batch)));
  return answers;
}
