import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Removed when the test that asked for it has finished. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'kafka-ts-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
