import { integerField, type StateFormat, stringField } from './state-file.js';

/**
 * Who runs the cluster, and how to talk to it. Written once the cluster is ready, removed when it stops; after a crash it stays
 * behind, so it is believed only if the control port answers with the nonce (control-client.ts).
 */
export interface DaemonFile {
  /** For people. Nothing is ever sent to it: the system may have given the number to another process. */
  readonly pid: number;
  /** Random; the daemon tells it to prove that it is the one of this file. */
  readonly nonce: string;
  /** Of kafka-ts. */
  readonly version: string;
  readonly controlPort: number;
  /** Random; whoever can read the file may stop the cluster. */
  readonly token: string;
}

export const daemonFormat: StateFormat<DaemonFile> = {
  version: 1,
  migrations: [],
  parse: (fields) => ({
    pid: integerField(fields, 'pid'),
    nonce: stringField(fields, 'nonce'),
    version: stringField(fields, 'version'),
    controlPort: integerField(fields, 'controlPort'),
    token: stringField(fields, 'token'),
  }),
};
