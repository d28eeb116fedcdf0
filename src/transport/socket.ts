/** Where endpoints are, and how connections to them are opened. @module */

import type { ByteStream } from "../core/byte_stream.ts";

/** Where and how to connect. */
export interface Address {
  readonly hostname: string;
  readonly port: number;
  /** Absolute path of a Unix socket, in place of host and port; without TLS. */
  readonly path?: string;
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
export type Connect = (address: Address, signal: AbortSignal) => Promise<ByteStream>;
