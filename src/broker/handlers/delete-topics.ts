import { deleteTopics } from '../../protocol/messages/delete-topics.js';
import { decideDeleteTopics } from '../controller/topics.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';

/**
 * DeleteTopics: topics by name or by id. The brokers drop the logs when they see it in the metadata.
 *
 * - 3: TOPIC_DELETION_DISABLED in the place of INVALID_REQUEST; 5: error messages; 6: topic ids.
 */
export const deleteTopicsHandler = handler<ControllerContext>()({
  api: deleteTopics,
  handle: async ({ controller }, request, { apiVersion }) => {
    const asked = apiVersion >= 6 ? { ...request, topicNames: [] } : { ...request, topics: [] };
    return controller.write((decision) => decideDeleteTopics(decision, asked, apiVersion));
  },
});
