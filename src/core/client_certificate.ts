/** The certificate that a client has shown. @module */

/** A certificate whose chain leads to an authority of the listener, and whose key the client has. */
export interface ClientCertificate {
  /** The distinguished name's parts, `CN=client.test, O=Example`, with a backslash before what would end a value (RFC 4514). */
  readonly subject: string;
  readonly issuer: string;
  /** `DNS:client.test, URI:spiffe://…` as `readAltNames` reads it, or `null`. */
  readonly altNames: string | null;
  /** Hexadecimal. */
  readonly serialNumber: string;
  /** SHA-256 of the whole, `AB:CD:…`. */
  readonly fingerprint: string;
  /** Milliseconds since 1970. */
  readonly validTo: number;
}
