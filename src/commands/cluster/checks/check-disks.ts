import { sizeText } from '../../../render/size-text.js';
import { type BrokerDisk, sizeOf } from '../../brokers/disk-usage.js';
import { type CheckReport, type Finding, skipped } from './finding.js';
import { count, percentText } from './wording.js';

/** By broker; of those alone that are alive. */
export type Disks = ReadonlyMap<number, BrokerDisk>;

const directoriesOf = (disks: Disks) =>
  [...disks].flatMap(([broker, { logDirs }]) => (logDirs ?? []).map((logDir) => ({ broker, logDir })));

/** The code that Kafka gives for a directory that failed; all others are reasons why it is not known. */
const FAILED = 'KAFKA_STORAGE_ERROR';

/** Log directories that have failed. What brokers did not tell of their disks is told here. */
export function checkLogDirs(disks: Disks): CheckReport {
  const directories = directoriesOf(disks);
  const findings = directories
    .filter(({ logDir }) => logDir.error?.code === FAILED)
    .map(
      ({ broker, logDir }): Finding => ({
        severity: 'critical',
        subject: `broker ${broker} ${logDir.path}`,
        value: 1,
        message: 'the log directory has failed: what is in it is offline',
        next: `kafka-ts brokers log-dirs ${broker}`,
      }),
    );
  const unknown = directories.flatMap(({ broker, logDir: { path, error } }) =>
    error === null || error.code === FAILED ? [] : [{ subject: `broker ${broker} ${path}`, error }],
  );
  const silent = [...disks].flatMap(([broker, { error }]) => (error === null ? [] : [{ subject: `broker ${broker}`, error }]));
  const summary = `${count(directories.length, 'log directory', 'log directories')} in order`;
  return { check: 'log-dirs', findings, failures: [...silent, ...unknown], worst: 0, threshold: 0, summary };
}

/** Above this a broker may be hours from stopping. */
const CRITICAL_PERCENT = 95;

/** Volumes that are nearly full. Brokers before Kafka 3.3 do not tell. */
export function checkDiskUsed(disks: Disks, maxPercent: number): CheckReport {
  const volumes = directoriesOf(disks).flatMap(({ broker, logDir: { path, totalBytes, usableBytes } }) =>
    totalBytes === null || usableBytes === null || totalBytes === 0
      ? []
      : [{ broker, path, usableBytes, percent: (1 - usableBytes / totalBytes) * 100 }],
  );
  if (volumes.length === 0) return skipped('disk-used', 'no broker tells how large its volumes are');
  const findings = volumes
    .filter(({ percent }) => percent > maxPercent)
    .sort((a, b) => b.percent - a.percent)
    .map(
      ({ broker, path, usableBytes, percent }): Finding => ({
        severity: percent > CRITICAL_PERCENT ? 'critical' : 'warning',
        subject: `broker ${broker} ${path}`,
        value: Math.round(percent),
        message: `the volume is ${percentText(percent)} full: ${sizeText(usableBytes)} left`,
        next: `kafka-ts brokers log-dirs ${broker}`,
      }),
    );
  const worst = Math.round(Math.max(...volumes.map(({ percent }) => percent)));
  const summary = `the fullest volume is ${percentText(worst)} full`;
  return { check: 'disk-used', findings, failures: [], worst, threshold: maxPercent, summary };
}

/** What a few large segments make of a small cluster is no skew. */
const SPARE_BYTES = 2 ** 30;

/** Brokers that store far more than the even share. */
export function checkDiskSkew(disks: Disks, maxPercent: number): CheckReport {
  const sizes = [...disks].flatMap(([broker, { logDirs }]) => {
    const bytes = logDirs && sizeOf(logDirs);
    return bytes === null ? [] : [{ broker, bytes }];
  });
  const share = sizes.length === 0 ? 0 : sizes.reduce((sum, { bytes }) => sum + bytes, 0) / sizes.length;
  const above = (bytes: number) => (bytes - share <= SPARE_BYTES ? 0 : Math.round((bytes / share - 1) * 100));
  const findings = sizes
    .filter(({ bytes }) => above(bytes) > maxPercent)
    .sort((a, b) => b.bytes - a.bytes)
    .map(
      ({ broker, bytes }): Finding => ({
        severity: 'warning',
        subject: `broker ${broker}`,
        value: above(bytes),
        message: `stores ${sizeText(bytes)}, ${percentText(above(bytes))} above the even share of ${sizeText(share)}`,
        next: 'kafka-ts brokers log-dirs',
      }),
    );
  const worst = Math.max(0, ...sizes.map(({ bytes }) => above(bytes)));
  return { check: 'disk-skew', findings, failures: [], worst, threshold: maxPercent, summary: 'bytes are spread evenly enough' };
}
