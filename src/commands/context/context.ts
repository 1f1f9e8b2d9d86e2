/** A cluster by name: where it is, who we are there, and what it is guarded by. It holds no secret, only where each is. */
export interface Context {
  /** `host:port[,host:port...]`; of `commandConfig` where it is left out. */
  readonly bootstrapServers?: string | undefined;
  /** Kafka's own client.properties, for all that is security, in the place of `tls` and `sasl`. */
  readonly commandConfig?: string | undefined;
  /** With {} for the public authorities that Node.js knows. */
  readonly tls?: ContextTls | undefined;
  readonly sasl?: ContextSasl | undefined;
  /** Refuses every change but a dry run. */
  readonly readOnly?: boolean | undefined;
  /** Every change asks for the name of what it changes, as severe ones do everywhere. */
  readonly confirm?: 'name' | undefined;
}

/** Paths of files, PEM or PKCS12 by what is in them. */
export interface ContextTls {
  /** The authorities that are trusted. */
  readonly ca?: string | undefined;
  /** Of a PKCS12 `ca`. */
  readonly caPassword?: SecretSource | undefined;
  /** The client's, for mutual TLS: PEM, or PKCS12 with its key. */
  readonly certificate?: string | undefined;
  /** Where it is not in the file of the certificate. */
  readonly key?: string | undefined;
  /** Of the key, or of a PKCS12 `certificate`. */
  readonly keyPassword?: SecretSource | undefined;
  readonly skipHostnameCheck?: boolean | undefined;
}

export const passwordMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

export type ContextSasl =
  | { readonly mechanism: (typeof passwordMechanisms)[number]; readonly username: string; readonly password: SecretSource }
  /** What the command prints is the token. */
  | { readonly mechanism: 'OAUTHBEARER'; readonly tokenCommand: string }
  /** OAuth 2.0 client credentials (RFC 6749 section 4.4). */
  | {
      readonly mechanism: 'OAUTHBEARER';
      readonly tokenEndpoint: string;
      readonly clientId: string;
      readonly clientSecret: SecretSource;
      readonly scope?: string | undefined;
    };

export type SecretSource = { readonly file: string } | { readonly env: string } | 'prompt';

/** Names the embedded cluster wherever a context is named; no other may have it. */
export const EMBEDDED = 'embedded';

/** The contexts of this user's configuration. */
export interface Contexts {
  /** Null where none was chosen. */
  readonly current: string | null;
  /** In the order of the file. */
  readonly contexts: ReadonlyMap<string, Context>;
}

/** The file that the contexts are in. */
export interface ContextStore {
  readonly path: string;
  /** Throws UsageError where the file is no such thing, MachineError where it cannot be read. */
  readonly read: () => Contexts;
  /** Adds, replaces or, with null, removes one. Throws as `read` does, and MachineError where the file cannot be written. */
  readonly write: (name: string, context: Context | null) => void;
  readonly setCurrent: (name: string | null) => void;
}

/** What a context is made of, each with where it comes from. */
export interface Setting {
  readonly setting: string;
  /** Null for a secret, whatever is known of it. */
  readonly value: string | null;
  readonly sensitive: boolean;
  readonly origin: string;
}
