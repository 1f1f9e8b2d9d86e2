import type { Controller } from '../controller/controller.js';
import type { Decision, DecisionContext } from '../controller/decision.js';

/**
 * Decides a request in parts, never none: each by what holds when the one before it is committed, so that others are served in between. What
 * is answered to each.
 */
export async function writeInParts<Part, Response>(
  { write }: Pick<Controller, 'write'>,
  partsOf: (context: DecisionContext) => readonly Part[],
  decide: (context: DecisionContext, part: Part) => Decision<Response>,
): Promise<readonly Response[]> {
  const parts: Part[] = [];
  const responses = [
    await write((context) => {
      parts.push(...partsOf(context));
      return decide(context, parts.shift() as Part);
    }),
  ];
  for (const part of parts) responses.push(await write((context) => decide(context, part)));
  return responses;
}
