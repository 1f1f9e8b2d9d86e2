/** Which error means which is said in exit-code.ts alone. */
export const exitCodes = {
  done: 0,
  /** Kafka refused, some row failed, or the person declined. */
  refused: 1,
  /** The command line is wrong, or an answer was needed and there was no terminal. */
  usage: 2,
  /** Nobody there, no answer in time, or no TLS. */
  unreachable: 3,
  /** Who we are was not believed, or is not allowed. */
  unauthorized: 4,
  /** A condition asked for and not met. */
  conditionUnmet: 5,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
