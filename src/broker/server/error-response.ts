import { KafkaError } from '../../model/errors.js';
import { completed } from '../../protocol/defaults.js';
import { type AlterConfigsRequest, alterConfigs } from '../../protocol/messages/alter-configs.js';
import {
  type CreatePartitionsRequest,
  type CreatePartitionsResponseInput,
  createPartitions,
} from '../../protocol/messages/create-partitions.js';
import { type CreateTopicsRequest, type CreateTopicsResponseInput, createTopics } from '../../protocol/messages/create-topics.js';
import { type DeleteTopicsRequest, type DeleteTopicsResponseInput, deleteTopics } from '../../protocol/messages/delete-topics.js';
import { type IncrementalAlterConfigsResponseInput, incrementalAlterConfigs } from '../../protocol/messages/incremental-alter-configs.js';
import type { Api, Encodable, Fields } from '../../protocol/schema.js';
import { type ItemError, itemError } from '../controller/decision.js';

/**
 * The response where nothing of a request is done, for one reason, which is UNKNOWN_SERVER_ERROR for what is no KafkaError: in the error of
 * the whole, or in that of each item where the response has no other. Null where it has no place for it. Source: getErrorResponse of
 * Kafka's requests.
 */
export function errorResponse({ key, response: { fields } }: Api, request: unknown, reason: unknown): Encodable<Fields> | null {
  const error = reason instanceof KafkaError ? itemError(reason.code, reason.message) : itemError('UNKNOWN_SERVER_ERROR');
  if (fields.errorCode === undefined) return ofEachItem(key, request, error);
  const { errorCode, errorMessage } = error;
  const body = fields.errorMessage === undefined ? { errorCode } : { errorCode, errorMessage };
  return completed(fields, body as Encodable<Fields>) as Encodable<Fields>;
}

/** Of the APIs that go on to the controller, any of which may have lost its place. */
function ofEachItem(key: number, request: unknown, error: ItemError): Encodable<Fields> | null {
  switch (key) {
    case createTopics.key: {
      const names = new Set((request as CreateTopicsRequest).topics.map(({ name }) => name));
      return { throttleTimeMs: 0, topics: [...names].map((name) => ({ name, ...error })) } satisfies CreateTopicsResponseInput;
    }
    case deleteTopics.key: {
      const { topics, topicNames } = request as DeleteTopicsRequest;
      const asked = [...topics, ...topicNames.map((name) => ({ name }))];
      return { throttleTimeMs: 0, responses: asked.map((topic) => ({ ...topic, ...error })) } satisfies DeleteTopicsResponseInput;
    }
    case createPartitions.key: {
      const { topics } = request as CreatePartitionsRequest;
      return { throttleTimeMs: 0, results: topics.map(({ name }) => ({ name, ...error })) } satisfies CreatePartitionsResponseInput;
    }
    case alterConfigs.key:
    case incrementalAlterConfigs.key: {
      const { resources } = request as AlterConfigsRequest;
      const responses = resources.map(({ resourceType, resourceName }) => ({ ...error, resourceType, resourceName }));
      return { throttleTimeMs: 0, responses } satisfies IncrementalAlterConfigsResponseInput;
    }
    default:
      return null;
  }
}
