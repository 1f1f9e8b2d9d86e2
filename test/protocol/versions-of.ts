import type { Message } from '../../src/protocol/schema.js';
import { versionRange } from '../../src/protocol/versions.js';

/** Every version that the codec has of a message. */
export function versionsOf(message: Message): readonly number[] {
  const { first, last } = versionRange(message.versions);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
