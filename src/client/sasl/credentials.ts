/** How a client proves who it is. */
export type SaslCredentials =
  | { readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'; readonly username: string; readonly password: string }
  | {
      readonly mechanism: 'OAUTHBEARER';
      readonly token: () => Promise<string>;
      /** What the broker may want to know besides (KIP-342), such as a service's logicalCluster. */
      readonly extensions?: Readonly<Record<string, string>> | undefined;
    };
