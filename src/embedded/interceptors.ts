import type { Intercept, InterceptedRequest, Interception } from '../broker/server/dispatcher.js';

export type { InterceptedRequest, Interception };

/** What a test does with a request: undefined leaves it to the next interceptor and, after the last, to the broker. */
export type RequestInterceptor = (request: InterceptedRequest) => Promise<Interception | undefined>;

export interface Interceptors {
  /** Returns what removes it. */
  readonly add: (apiKey: number | '*', interceptor: RequestInterceptor) => () => void;
  /** For the nodes. */
  readonly intercept: Intercept;
}

/** The interceptors of a cluster, asked in the order in which they came. */
export function createInterceptors(): Interceptors {
  const all = new Set<{ readonly apiKey: number | '*'; readonly interceptor: RequestInterceptor }>();
  return {
    add: (apiKey, interceptor) => {
      const added = { apiKey, interceptor };
      all.add(added);
      return () => all.delete(added);
    },
    intercept: (request) => {
      if (all.size === 0) return undefined;
      const interested = [...all].filter(({ apiKey }) => apiKey === '*' || apiKey === request.apiKey);
      return interested.length === 0 ? undefined : firstOf(interested, request);
    },
  };
}

async function firstOf(
  interested: readonly { readonly interceptor: RequestInterceptor }[],
  request: InterceptedRequest,
): Promise<Interception | undefined> {
  for (const { interceptor } of interested) {
    const interception = await interceptor(request);
    if (interception !== undefined) return interception;
  }
  return undefined;
}
