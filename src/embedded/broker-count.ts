import { UsageError } from '../model/errors.js';

/** Until there is replication. */
const MAX_BROKERS = 1;

/** Throws UsageError for a number of brokers that a cluster cannot have. */
export function checkBrokers(brokers: number): void {
  if (!Number.isInteger(brokers) || brokers < 1) throw new UsageError(`a cluster of ${brokers} brokers cannot be`, 'it has at least one');
  if (brokers > MAX_BROKERS)
    throw new UsageError(`an embedded cluster of ${brokers} brokers is not possible yet`, 'it has one, without replication');
}
