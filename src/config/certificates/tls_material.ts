/** What TLS towards clients is made of. @module */

/** A certificate and its key as PEM. */
export interface CertificatePair {
  /** The certificate, intermediate ones after it. */
  readonly cert: string;
  readonly key: string;
}

/** The settings of a listener's TLS, with everything read that they name. */
export interface TlsMaterial extends CertificatePair {
  /** Shown for their hosts, in place of the one above. */
  readonly certificates: readonly (CertificatePair & {
    /** In lower case: exact, or `*.example.com` for one label before `.example.com`. */
    readonly hosts: readonly string[];
  })[];
  /** Certificates asked of clients. */
  readonly clientCertificates: { readonly ca: string; readonly required: boolean } | null;
  readonly http2: boolean;
}
