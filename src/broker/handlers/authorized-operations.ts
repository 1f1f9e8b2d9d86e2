/**
 * What anybody may do where there is no authorizer: all that a resource knows, one bit for each of Kafka's AclOperation.
 * Source: AclEntry.supportedOperations.
 */
const bits = (...operations: readonly number[]): number => operations.reduce((field, operation) => field | (1 << operation), 0);

const CREATE = 5;
const ALTER = 7;
const DESCRIBE = 8;
const CLUSTER_ACTION = 9;
const DESCRIBE_CONFIGS = 10;
const ALTER_CONFIGS = 11;
const IDEMPOTENT_WRITE = 12;
const READ = 3;
const WRITE = 4;
const DELETE = 6;

export const allTopicOperations = bits(READ, WRITE, CREATE, DELETE, ALTER, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS);
export const allClusterOperations = bits(CREATE, ALTER, DESCRIBE, CLUSTER_ACTION, DESCRIBE_CONFIGS, ALTER_CONFIGS, IDEMPOTENT_WRITE);
export const allGroupOperations = bits(READ, DELETE, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS);
/** Where nobody asked. */
export const OPERATIONS_NOT_ASKED = -2_147_483_648;
