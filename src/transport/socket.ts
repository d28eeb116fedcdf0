/** A byte stream to an endpoint. @module */

/** What the client needs of a connection; `Deno.Conn` is one. */
export interface Socket {
  /** Reads what there is, at least one byte; `null` at the end. One read at a time. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes some bytes and says how many. One write at a time. */
  write(bytes: Uint8Array): Promise<number>;
  /** Closes both ways at once. */
  close(): void;
}

/** Where and how to connect. */
export interface Address {
  readonly hostname: string;
  readonly port: number;
  /** `null`: cleartext. */
  readonly tls: TlsSettings | null;
}

/** TLS towards an endpoint. PEM texts. */
export interface TlsSettings {
  /** Name for SNI and for the certificate check. */
  readonly serverName: string;
  /** Certificate authorities in place of the system's. */
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  readonly insecureSkipVerify: boolean;
}

/** Opens a socket. Aborting `signal` gives it up; a socket that comes too late is closed. */
export type Connect = (address: Address, signal: AbortSignal) => Promise<Socket>;
