/** Where a peer listens. @module */

/** A host and a port, or a Unix socket. */
export type NetAddress =
  | {
    readonly kind: "tcp";
    /** A name or an address, without brackets around IPv6. */
    readonly hostname: string;
    readonly port: number;
  }
  | {
    readonly kind: "unix";
    /** Absolute path of the socket. */
    readonly path: string;
  };
