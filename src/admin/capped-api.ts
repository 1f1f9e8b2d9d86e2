import type { Api, Fields } from '../protocol/schema.js';

/** An API up to a version: such as that before topics are told by id, of which nobody could say what a deleted one was called. */
export const upToVersion = <Q extends Fields, P extends Fields>(api: Api<Q, P>, first: number, last: number): Api<Q, P> => ({
  ...api,
  request: { ...api.request, versions: `${first}-${last}` },
});
