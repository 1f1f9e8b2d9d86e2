import { createTopics } from '../../protocol/messages/create-topics.js';
import { creationParts } from '../controller/creation-parts.js';
import { decideCreateTopics } from '../controller/topics.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';
import { writeInParts } from './write-in-parts.js';

/**
 * CreateTopics: topics with their partitions and configs. Answered once they are committed.
 *
 * - 2: validateOnly; 5: configs of what was made; 7: topic ids.
 */
export const createTopicsHandler = handler<ControllerContext>()({
  api: createTopics,
  handle: async ({ controller }, request) => {
    const responses = await writeInParts(controller, (context) => creationParts(context, request), decideCreateTopics);
    return { throttleTimeMs: 0, topics: responses.flatMap(({ topics }) => topics) };
  },
});
