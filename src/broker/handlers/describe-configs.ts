import { errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { type DescribeConfigsRequest, describeConfigs } from '../../protocol/messages/describe-configs.js';
import type { ConfigType } from '../config/config-definition.js';
import { type DescribedConfig, describeBrokerConfigs, describeBrokerDefaults, describeTopicConfigs } from '../config/describe-config.js';
import { ConfigResourceType } from '../controller/image.js';
import { topicNameProblem } from '../controller/topic-name.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';

/** Kafka's DescribeConfigsResponse.ConfigType. */
const configTypeIds: Readonly<Record<ConfigType, number>> = {
  BOOLEAN: 1,
  STRING: 2,
  INT: 3,
  SHORT: 4,
  LONG: 5,
  DOUBLE: 6,
  LIST: 7,
};
const UNKNOWN_TYPE = 0;

/**
 * DescribeConfigs: what holds for topics and for this broker, where it comes from, and what else is set for it.
 *
 * - 1: source and synonyms (KIP-226); 3: types and documentation (KIP-569); 4: flexible.
 */
export const describeConfigsHandler = handler<BrokerContext>()({
  api: describeConfigs,
  handle: (context, { resources, includeSynonyms, includeDocumentation }) => ({
    throttleTimeMs: 0,
    results: resources.map((resource) => {
      const { resourceType, resourceName, configurationKeys } = resource;
      try {
        const isWanted = ({ name }: DescribedConfig) =>
          configurationKeys === null || configurationKeys.length === 0 || configurationKeys.includes(name);
        const configs = describe(context, resource)
          .filter(isWanted)
          .map(({ isReadOnly, source, type, synonyms, documentation, ...config }) => ({
            ...config,
            readOnly: isReadOnly,
            configSource: source,
            synonyms: includeSynonyms ? synonyms : [],
            configType: type === null ? UNKNOWN_TYPE : configTypeIds[type],
            documentation: includeDocumentation ? documentation : null,
          }));
        return { errorCode: 0, errorMessage: '', resourceType, resourceName, configs };
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        // Kafka has no words for a topic that isn't there.
        const errorMessage = error.code === 'UNKNOWN_TOPIC_OR_PARTITION' ? '' : error.message;
        return { errorCode: errorCode(error.code), errorMessage, resourceType, resourceName, configs: [] };
      }
    }),
  }),
});

/** Throws KafkaError with Kafka's words. Source: ConfigHelper.describeConfigs. */
function describe(
  { metadata, config, nodeId }: BrokerContext,
  { resourceType, resourceName }: DescribeConfigsRequest['resources'][number],
): readonly DescribedConfig[] {
  switch (resourceType) {
    case ConfigResourceType.topic: {
      const problem = topicNameProblem(resourceName);
      if (problem !== null) throw new KafkaError('INVALID_TOPIC_EXCEPTION', problem);
      if (!metadata.topics.byName.has(resourceName)) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION');
      return describeTopicConfigs(metadata.configs.of(resourceType, resourceName), config);
    }
    case ConfigResourceType.broker: {
      if (resourceName === '') return describeBrokerDefaults(metadata.configs.of(resourceType, ''), config);
      if (!/^[+-]?\d+$/.test(resourceName)) throw invalid(`Broker id must be an integer, but it is: ${resourceName}`);
      if (Number(resourceName) === nodeId) return describeBrokerConfigs(config);
      throw invalid(`Unexpected broker id, expected ${nodeId} or empty string, but received ${resourceName}`);
    }
    default:
      throw invalid(`Unsupported resource type: ${resourceType}`);
  }
}
const invalid = (message: string): KafkaError => new KafkaError('INVALID_REQUEST', message);
