/** For what should never happen. */
export function bugMessage(error: unknown, version: string, nodeVersion: string): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `kafka-ts: this is a bug in kafka-ts, not in what you did: ${stack}`,
    `Please report it with the command line and the lines above ('npm bugs kafka-ts' knows where): kafka-ts ${version}, Node.js ${nodeVersion}`,
  ].join('\n');
}
