export { EmbeddedCluster, type EmbeddedClusterOptions } from './embedded/embedded-cluster.js';
export {
  AuthenticationError,
  ConnectionError,
  KafkaError,
  MachineError,
  ProtocolError,
  TimeoutError,
  UnsupportedVersionError,
  UsageError,
} from './model/errors.js';
export type { KafkaFailure, Outcome, Result } from './model/outcome.js';
export type { TopicPartition } from './model/topic-partition.js';
