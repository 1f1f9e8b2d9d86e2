import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apis } from '../../src/protocol/apis.js';
import { decodeMessage, encodeMessage } from '../../src/protocol/compile.js';
import { completed } from '../../src/protocol/defaults.js';
import { arbitraryMessage } from './arbitrary-message.js';
import { versionsOf } from './versions-of.js';

describe('every version of every API', () => {
  for (const { request, response } of apis) {
    for (const message of [request, response]) {
      it(`${message.name} decodes to what was encoded`, () => {
        for (const version of versionsOf(message)) {
          const property = fc.property(arbitraryMessage(message, version), (value) => {
            const bytes = Buffer.concat(encodeMessage(message, version, value));
            const decoded = decodeMessage(message, version, bytes);
            expect(decoded).toEqual(completed(message.fields, value));
            expect(Buffer.concat(encodeMessage(message, version, decoded)).equals(bytes)).toBe(true);
          });
          fc.assert(property, { numRuns: 10 });
        }
      });
    }
  }
});
