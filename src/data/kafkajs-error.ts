import { errorName } from '../model/error-code.js';
import { AuthenticationError, ConnectionError, KafkaError, TimeoutError, UnsupportedVersionError } from '../model/errors.js';

interface KafkajsError extends Error {
  readonly code?: number;
  readonly broker?: string;
}

/** What kafkajs throws, in our own words; what is none of its errors stays as it is. */
export function errorOfKafkajs(thrown: unknown): unknown {
  const error = innermost(thrown);
  if (!(error instanceof Error)) return error;
  const { code, broker, message } = error as KafkajsError;
  switch (error.name) {
    case 'KafkaJSProtocolError':
    case 'KafkaJSOffsetOutOfRange':
    case 'KafkaJSMemberIdRequired':
    case 'KafkaJSCreateTopicError':
      // What is younger than kafkajs it knows by number alone, and only in the text.
      return new KafkaError(errorName(code === -99 ? Number(/\d+/.exec(message)?.[0] ?? -1) : (code ?? -1)));
    case 'KafkaJSSASLAuthenticationError':
      return new AuthenticationError(message, { cause: error });
    case 'KafkaJSConnectionError':
    case 'KafkaJSConnectionClosedError':
      return new ConnectionError(broker === undefined ? message : `${broker}: ${message}`, broker === undefined ? [] : [broker], {
        cause: error,
      });
    case 'KafkaJSBrokerNotFound':
    case 'KafkaJSNoBrokerAvailableError':
    case 'KafkaJSMetadataNotLoaded':
    case 'KafkaJSTopicMetadataNotLoaded':
    case 'KafkaJSGroupCoordinatorNotFound':
    case 'KafkaJSError':
      return new ConnectionError(message, [], { cause: error });
    case 'KafkaJSRequestTimeoutError': {
      const api = /^Request (\w+)/.exec(message)?.[1];
      return new TimeoutError(broker === undefined || api === undefined ? message : `${broker} did not answer ${api} in time`, {
        cause: error,
      });
    }
    case 'KafkaJSLockTimeout':
    case 'KafkaJSTimeout':
      return new TimeoutError(message, { cause: error });
    case 'KafkaJSServerDoesNotSupportApiKey':
    case 'KafkaJSNotImplemented':
      return new UnsupportedVersionError(message, { cause: error });
    default:
      return error;
  }
}

/** kafkajs wraps an error once more wherever it gives up. */
function innermost(error: unknown): unknown {
  let inner = error;
  while (inner instanceof Error && wrappers.includes(inner.name) && inner.cause instanceof Error) inner = inner.cause;
  if (inner instanceof AggregateError || (inner instanceof Error && inner.name === 'KafkaJSAggregateError')) {
    const [first] = (inner as unknown as { readonly errors: readonly unknown[] }).errors;
    return innermost(first);
  }
  return inner;
}
const wrappers: readonly string[] = ['KafkaJSNumberOfRetriesExceeded', 'KafkaJSNonRetriableError'];
