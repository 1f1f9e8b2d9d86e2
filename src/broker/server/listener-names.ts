/** Kafka's usual names for the two listeners of a node. */
export const CLIENT_LISTENER = 'PLAINTEXT';
export const CONTROLLER_LISTENER = 'CONTROLLER';

/** Kafka's SecurityProtocol of both. */
export const PLAINTEXT = 0;
