import { UsageError } from '../model/errors.js';

/** Of a new cluster where nobody says more: any one may be lost. */
export const DEFAULT_BROKERS = 3;
/** What one machine is still good for. */
const MAX_BROKERS = 30;

/** Throws UsageError for a number of brokers that a cluster cannot have. */
export function checkBrokers(brokers: number): void {
  if (!Number.isInteger(brokers) || brokers < 1) throw new UsageError(`a cluster of ${brokers} brokers cannot be`, 'it has at least one');
  if (brokers > MAX_BROKERS) throw new UsageError(`an embedded cluster of ${brokers} brokers is too many`, `it has at most ${MAX_BROKERS}`);
}

/** Throws UsageError for racks that are no names, or more than there are brokers. */
export function checkRacks(racks: readonly string[], brokers: number): void {
  if (racks.some((rack) => rack.trim() === '')) throw new UsageError('a rack has no name');
  if (racks.length > brokers)
    throw new UsageError(`${brokers} brokers cannot stand in ${racks.length} racks`, 'name at most one for each broker');
}
