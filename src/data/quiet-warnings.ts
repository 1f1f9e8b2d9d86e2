/** kafkajs sets timers of negative length, of which Node 24 warns. */
const NAME = 'TimeoutNegativeWarning';

let isQuiet = false;

/** From now on Node says nothing of that one warning in this process; of all others it does. */
export function quietKafkajsWarnings(): void {
  if (isQuiet) return;
  isQuiet = true;
  const emit = process.emitWarning;
  process.emitWarning = (...details: readonly unknown[]) => {
    const [warning, about] = details;
    const name = warning instanceof Error ? warning.name : typeof about === 'object' ? (about as { type?: string } | null)?.type : about;
    if (name !== NAME) Reflect.apply(emit, process, details);
  };
}
