/** Waits until `condition` holds, looking again every few milliseconds. Rejects after `deadlineMs` with what `describe` says then. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  describe: () => string,
  { deadlineMs = 15_000 }: { readonly deadlineMs?: number } = {},
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${deadlineMs} ms in vain: ${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
