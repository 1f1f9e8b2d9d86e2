import { KafkaError } from '../../model/errors.js';
import type { AlterConfigsRequest, AlterConfigsResponseInput } from '../../protocol/messages/alter-configs.js';
import type {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponseInput,
} from '../../protocol/messages/incremental-alter-configs.js';
import { clearElrRecord } from '../../protocol/metadata-records/clear-elr-record.js';
import { configRecord } from '../../protocol/metadata-records/config-record.js';
import { type MetadataRecord, metadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { brokerConfigDefinitions, isBrokerConfigName } from '../config/broker-config-definitions.js';
import type { ConfigDefinition } from '../config/config-definition.js';
import { validateTopicSettings } from '../config/topic-config.js';
import { isTopicConfigName, topicConfigDefinitions } from '../config/topic-config-definitions.js';
import { attempt, checkRecordCount, type Decision, type DecisionContext, noError } from './decision.js';
import { ConfigResourceType } from './image.js';
import { topicNameProblem } from './topic-name.js';
import { duplicatesIn } from './topics.js';

/** Kafka's AlterConfigOp.OpType. */
const operations = ['SET', 'DELETE', 'APPEND', 'SUBTRACT'] as const;
type Operation = (typeof operations)[number];

interface Resource {
  readonly resourceType: number;
  readonly resourceName: string;
}
interface Change {
  readonly name: string;
  readonly operation: Operation;
  readonly value: string | null;
}
type Result = IncrementalAlterConfigsResponseInput['responses'][number];

/**
 * SET, DELETE, APPEND and SUBTRACT, each resource for itself: where one of its configs is refused, none of them changes.
 * Source: ConfigAdminManager.preprocess, ConfigurationControlManager.incrementalAlterConfigs.
 */
export function decideIncrementalAlterConfigs(
  context: DecisionContext,
  { resources, validateOnly }: IncrementalAlterConfigsRequest,
): Decision<IncrementalAlterConfigsResponseInput> {
  return decide(context, validateOnly, resources, ({ configs }) =>
    configs.map(({ name, configOperation, value }) => {
      const operation = operations[configOperation];
      if (operation === undefined) throw new KafkaError('INVALID_REQUEST', `Unknown operations type ${configOperation}`);
      return { name, operation, value };
    }),
  );
}

/** The old form: what isn't named is deleted. Source: ConfigurationControlManager.legacyAlterConfigs. */
export function decideAlterConfigs(
  context: DecisionContext,
  { resources, validateOnly }: AlterConfigsRequest,
): Decision<AlterConfigsResponseInput> {
  return decide(context, validateOnly, resources, ({ resourceType, resourceName, configs }) => {
    const named = new Set(configs.map(({ name }) => name));
    const unnamed = [...context.image.configs.of(resourceType, resourceName).keys()].filter((name) => !named.has(name));
    return [
      ...configs.map(({ name, value }) => ({ name, operation: 'SET', value }) as const),
      ...unnamed.map((name) => ({ name, operation: 'DELETE', value: null }) as const),
    ];
  });
}

function decide<R extends Resource & { readonly configs: readonly { readonly name: string }[] }>(
  context: DecisionContext,
  validateOnly: boolean,
  resources: readonly R[],
  changesOf: (resource: R) => readonly Change[],
): Decision<{ readonly throttleTimeMs: number; readonly responses: readonly Result[] }> {
  const duplicates = duplicatesIn(resources.map(resourceKey));
  const records: MetadataRecord[] = [];
  const responses = resources.map((resource): Result => {
    const made = attempt(() => {
      if (duplicates.has(resourceKey(resource))) throw invalid('Each resource must appear at most once.');
      if (duplicatesIn(resource.configs.map(({ name }) => name)).size > 0) throw invalid('Error due to duplicate config keys');
      return configRecords(context, resource, changesOf(resource));
    });
    if ('value' in made) records.push(...made.value);
    const { resourceType, resourceName } = resource;
    return { resourceType, resourceName, ...('error' in made ? made.error : noError) };
  });
  records.push(...clearedElrs(records));
  const tooMany = attempt(() => checkRecordCount(records));
  if ('error' in tooMany)
    return { records: [], response: { throttleTimeMs: 0, responses: responses.map((one) => ({ ...one, ...tooMany.error })) } };
  return { records: validateOnly ? [] : records, response: { throttleTimeMs: 0, responses } };
}
const resourceKey = ({ resourceType, resourceName }: Resource): string => `${resourceType}:${resourceName}`;
const invalid = (message: string): KafkaError => new KafkaError('INVALID_REQUEST', message);

function configRecords(context: DecisionContext, resource: Resource, changes: readonly Change[]): readonly MetadataRecord[] {
  const { resourceType, resourceName } = resource;
  const absent = changes.filter(({ operation, value }) => operation !== 'DELETE' && value === null).map(({ name }) => name);
  if (absent.length > 0) throw invalid(`Null value not supported for : ${absent.join(', ')}`);
  const current = context.image.configs.of(resourceType, resourceName);
  const changed = new Map(changes.map((change) => [change.name, changedValue(resourceType, current, change)]));
  const settings = new Map(current);
  for (const [name, value] of changed) {
    if (value === null) settings.delete(name);
    else settings.set(name, value);
  }
  validate(context, resource, settings, [...changed.keys()]);
  return [...changed]
    .filter(([name, value]) => resourceType === ConfigResourceType.broker || (current.get(name) ?? null) !== value)
    .map(([name, value]) => metadataRecord(configRecord, { resourceType, resourceName, name, value }));
}

function changedValue(resourceType: number, current: ReadonlyMap<string, string>, { name, operation, value }: Change): string | null {
  if (operation === 'SET') return value;
  if (operation === 'DELETE') return null;
  const definition = definitionOf(resourceType, name);
  if (definition?.type !== 'LIST') {
    throw new KafkaError('INVALID_CONFIG', `Can't ${operation} to key ${name} because its type is not LIST.`);
  }
  const present = (current.get(name) ?? definition.default ?? '').split(',').filter((item) => item !== '');
  const given = (value ?? '').split(',');
  const items = operation === 'APPEND' ? [...new Set([...present, ...given])] : present.filter((item) => !given.includes(item));
  return items.join(',');
}

function definitionOf(resourceType: number, name: string): ConfigDefinition | null {
  if (resourceType === ConfigResourceType.topic) return isTopicConfigName(name) ? topicConfigDefinitions[name].definition : null;
  return isBrokerConfigName(name) ? brokerConfigDefinitions[name] : null;
}

/**
 * With another min.insync.replicas, who was kept as an eligible leader under the old one may lack what was committed since.
 * Source: ConfigurationControlManager.createClearElrRecordsAsNeeded.
 */
function clearedElrs(records: readonly MetadataRecord[]): readonly MetadataRecord[] {
  const topicNames = records.flatMap(({ type, value }) => {
    if (type !== 'ConfigRecord' || value.name !== MIN_ISR) return [];
    return [value.resourceType === ConfigResourceType.topic ? value.resourceName : ALL_TOPICS];
  });
  return topicNames.map((topicName) => metadataRecord(clearElrRecord, { topicName }));
}
const MIN_ISR = 'min.insync.replicas';
const ALL_TOPICS = '';

/** The whole of what the resource would have. Throws KafkaError with Kafka's code and words. */
function validate(
  { image, config }: DecisionContext,
  { resourceType, resourceName }: Resource,
  settings: ReadonlyMap<string, string>,
  changed: readonly string[],
): void {
  switch (resourceType) {
    case ConfigResourceType.topic: {
      if (resourceName === '') throw invalid('Default topic resources are not allowed.');
      const problem = topicNameProblem(resourceName);
      if (problem !== null) throw new KafkaError('INVALID_TOPIC_EXCEPTION', problem);
      validateTopicSettings(settings, config);
      if (!image.topics.byName.has(resourceName)) {
        throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${resourceName}' does not exist.`);
      }
      return;
    }
    case ConfigResourceType.broker:
      validateBrokerName(image.brokers, resourceName);
      validateBrokerSettings(settings, changed);
      if (changed.includes(MIN_ISR)) validateMinIsr(resourceName, settings);
      return;
    default:
      throw invalid(`Unknown resource type ${resourceType}`);
  }
}

function validateBrokerName(brokers: ReadonlyMap<number, unknown>, name: string): void {
  if (name === '') return;
  if (!/^[+-]?\d+$/.test(name)) throw invalid('Unable to parse broker name as a base 10 number.');
  if (!brokers.has(Number(name))) throw new KafkaError('BROKER_ID_NOT_REGISTERED', `No node with id ${name} found.`);
}

/**
 * The least ISR, by which eligible leaders are told (KIP-966), is one for all brokers and always there.
 * Source: ConfigurationControlManager.isDisallowedBrokerMinIsrTransition, isDisallowedClusterMinIsrTransition.
 */
function validateMinIsr(resourceName: string, settings: ReadonlyMap<string, string>): void {
  const refuse = (what: string) => new KafkaError('INVALID_CONFIG', `${what} while ELR is enabled.`);
  if (resourceName !== '') throw refuse(`Broker-level ${MIN_ISR} cannot be altered`);
  if (!settings.has(MIN_ISR)) throw refuse(`Cluster-level ${MIN_ISR} cannot be removed`);
}

/** A name that Kafka doesn't know either is kept: plug-ins have configs of their own. Source: DynamicBrokerConfig.validate. */
function validateBrokerSettings(settings: ReadonlyMap<string, string>, changed: readonly string[]): void {
  const fixed = changed.filter((name) => isBrokerConfigName(name) && brokerConfigDefinitions[name].updateMode === 'read-only');
  if (fixed.length > 0) throw invalid(`Cannot update these configs dynamically: [${fixed.join(', ')}]`);
  for (const name of changed) {
    const text = settings.get(name);
    if (text === undefined || !isBrokerConfigName(name)) continue;
    const definition: ConfigDefinition = brokerConfigDefinitions[name];
    try {
      definition.parse(name, text);
    } catch (error) {
      // Kafka answers so where a topic's config would be INVALID_CONFIG (KAFKA-13609).
      if (error instanceof KafkaError) throw invalid(error.message);
      throw error;
    }
  }
}
