import { checkInterception } from '../broker/server/check-interception.js';
import type { Intercept, InterceptedRequest, Interception } from '../broker/server/dispatcher.js';

export type { InterceptedRequest, Interception };

/** What a test does with a request: undefined leaves it to the next interceptor and, after the last, to the broker. */
export type RequestInterceptor = (request: InterceptedRequest) => Promise<Interception | undefined>;

export interface Interceptors {
  /** Returns what removes it. */
  readonly add: (apiKey: number | '*', interceptor: RequestInterceptor) => () => void;
  /** For the nodes. */
  readonly intercept: Intercept;
  /** What interceptors threw, and what is wrong with what they gave; the client was told UNKNOWN_SERVER_ERROR at best. */
  readonly failures: readonly unknown[];
}

/** The interceptors of a cluster, asked in the order in which they came. */
export function createInterceptors(): Interceptors {
  const failures: unknown[] = [];
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
      if (interested.length === 0) return undefined;
      return firstOf(interested, request).catch((error: unknown) => {
        failures.push(error);
        throw error;
      });
    },
    failures,
  };
}

async function firstOf(
  interested: readonly { readonly interceptor: RequestInterceptor }[],
  request: InterceptedRequest,
): Promise<Interception | undefined> {
  for (const { interceptor } of interested) {
    const interception = await interceptor(request);
    checkInterception(request, interception);
    if (interception !== undefined) return interception;
  }
  return undefined;
}
