/**
 * All that a node or a client touches outside itself. `real.ts` implements it with Node's sockets, files and timers,
 * `virtual.ts` with one queue of events and a seed. An environment belongs to one life of a node: once it is closed
 * it delivers nothing more and rejects nothing.
 */
export interface Environment {
  readonly clock: Clock;
  readonly network: Network;
  readonly disk: Disk;
  readonly random: Random;
  /** One line of the node's own log; never a stack trace for what a peer did. */
  readonly log: (level: LogLevel, message: string) => void;
}
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Clock {
  /** Milliseconds since the epoch; may jump. For timestamps. */
  readonly now: () => number;
  /** Milliseconds since some start, with fractions; never goes back. For timeouts and measuring. */
  readonly monotonicMs: () => number;
  /**
   * Runs `task` once after `delayMs` unless cancelled; 0 means after the input and output that wait now. Holds the process open until then.
   */
  readonly after: (delayMs: number, task: () => void) => Cancel;
  /**
   * For work that may be long: gives whether what began now has held the loop for long enough, so that the rest should come after a delay of 0.
   * All that goes on in one turn of the loop shares what a turn may take; who finds nothing left does one piece at least.
   */
  readonly beginSlice: () => () => boolean;
}
/** Does nothing when the task has run already. */
export type Cancel = () => void;

export interface Random {
  /** Uniform in [0, 1). */
  readonly uniform: () => number;
  readonly bytes: (length: number) => Uint8Array;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}
/** `host:port`, with brackets around an IPv6 address. */
export const addressName = ({ host, port }: Address): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

export interface Network {
  /** Port 0 lets the system choose. Rejects with the system's error (code EADDRINUSE and the like). */
  readonly listen: (address: Address, accept: (connection: Connection) => void) => Promise<Listener>;
  /**
   * Resolves once bytes can flow, after the TLS handshake where `tls` is given. Rejects with ConnectionError, or AuthenticationError where
   * TLS refuses.
   */
  readonly connect: (address: Address, options?: ConnectOptions) => Promise<Connection>;
}
export interface Listener {
  /** The port that is bound. */
  readonly port: number;
  /** Accepts no more; connections that stand go on. */
  readonly close: () => Promise<void>;
}
export interface ConnectOptions {
  readonly signal?: AbortSignal;
  readonly tls?: TlsOptions;
}
/** PEM texts; `serverName` is checked against the certificate and defaults to the host. */
export interface TlsOptions {
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly keyPassphrase?: string;
  /** A PKCS12 store with certificate and key, in the place of the two above. */
  readonly pkcs12?: Uint8Array;
  readonly serverName?: string;
  /** Kafka's empty ssl.endpoint.identification.algorithm: the chain is checked, the name is not. */
  readonly skipHostnameCheck?: boolean;
}
export interface Connection {
  readonly remote: Address;
  /** Starts delivery; called once. Bytes that came before are kept until then. */
  readonly start: (receiver: Receiver) => void;
  /** Chunks go out in order as one; they must not change afterwards. False when the peer reads too slowly: stop until `onDrain`. */
  readonly write: (chunks: readonly Uint8Array[]) => boolean;
  /** Stops and goes on with `onData`: how a reader that cannot keep up holds its peer back. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Sends what was written, then closes. `onClose` follows. */
  readonly close: () => void;
  /** Closes at once; what was written may be lost. `onClose` follows. */
  readonly destroy: () => void;
}
export interface Receiver {
  /** The bytes are the receiver's to keep. */
  readonly onData: (bytes: Uint8Array) => void;
  readonly onDrain?: () => void;
  /** Once, last; null when the peer or we closed it in order. */
  readonly onClose: (error: Error | null) => void;
}

/**
 * Files. All but `sync` and `readAsync` return when done: a state transition has no `await` in it.
 * Paths are absolute or relative to the process; errors are Node's, with their `code` (ENOENT, ENOSPC, EACCES).
 */
export interface Disk {
  /**
   * Names the time since the machine started, or null where nothing does. While it is the same no power was lost: all that was written is
   * there, synced or not.
   */
  readonly bootId: string | null;
  /** Opens for reading and appending and creates where absent; the descriptor itself is opened on use and kept in a bounded cache. */
  readonly open: (path: string) => DiskFile;
  /** Size in bytes, or null where there is no such file. */
  readonly size: (path: string) => number | null;
  /** Names in a directory, sorted; [] where it is absent. */
  readonly list: (directory: string) => readonly string[];
  /** With its parents; nothing where it exists. */
  readonly makeDirectory: (path: string) => void;
  readonly rename: (from: string, to: string) => void;
  /** A file, or a directory with all that is in it; nothing where it is absent. */
  readonly remove: (path: string) => void;
  /** The whole file, or null where it is absent. */
  readonly readFile: (path: string) => Uint8Array | null;
  /** Replaces the file as one step: a reader sees the old or the new, after power loss too where `sync` is set. */
  readonly writeFile: (path: string, content: Uint8Array, options?: { readonly sync?: boolean; readonly mode?: number }) => void;
  /** Of the volume that holds the path: what it has in all, and what an ordinary process may still use. */
  readonly volume: (path: string) => { readonly totalBytes: number; readonly usableBytes: number };
  /**
   * Exclusive to one live process until released. Throws DiskLockedError where another holds it; the lock of a dead process is taken over.
   */
  readonly lock: (path: string) => Cancel;
}
export interface DiskFile {
  readonly path: string;
  readonly sizeBytes: () => number;
  /** All chunks or, on an error such as ENOSPC, none: a partial append is cut off again before the error is thrown. */
  readonly append: (chunks: readonly Uint8Array[]) => void;
  /** Fewer bytes only where the file ends. */
  readonly read: (offset: number, length: number) => Uint8Array;
  /** As `read`, for bulk reads off the loop. */
  readonly readAsync: (offset: number, length: number) => Promise<Uint8Array>;
  readonly truncate: (sizeBytes: number) => void;
  /** Resolves when what was appended before the call survives power loss. */
  readonly sync: () => Promise<void>;
  /** Lets go of the descriptor; a later use opens it again. */
  readonly close: () => void;
}

/** Another live process holds the lock; `message` names the path and, where known, the process id. */
export class DiskLockedError extends Error {
  override readonly name = 'DiskLockedError';
}
