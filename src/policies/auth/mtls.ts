/**
 * The `mtls` policy: who is asking, by the certificate of the connection.
 *
 * @module
 */

import type { BuildEnv } from "../../core/build_env.ts";
import type { ClientCertificate } from "../../core/client_certificate.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { Identity } from "../../core/identity.ts";
import { type Policy, recordPolicy } from "../../core/policy.ts";
import { AuthRefusal } from "./auth_refusal.ts";
import {
  type Authenticator,
  IDENTITY_FACTS,
  type IdentityDefinition,
  identityDefinition,
  type IdentityFact,
} from "./authenticator.ts";
import { consumerIdentity } from "./consumer_identity.ts";
import { certificateFields, type CertificatePart } from "./mtls/certificate_fields.ts";
import { certificateFault, subjectOf } from "./mtls/certificate_terms.ts";
import { type MtlsPlan, mtlsSchema } from "./mtls_schema.ts";

/** Options of {@link mtls}. Each list that is given must have what the certificate has. */
export interface MtlsOptions {
  /**
   * Whole subjects, as the certificate has their parts: `"CN=billing, O=Example"`. A comma inside of a part stands behind
   * a backslash (RFC 4514).
   *
   * @default any
   */
  readonly subjects?: string | readonly string[];
  /**
   * Whole subjects of those who have signed it, the last one of the chain not being meant.
   *
   * @default any that the listener's authorities vouch for
   */
  readonly issuers?: string | readonly string[];
  /**
   * Alternative names, of DNS, URIs or addresses of mail: exact, `"*.clients.example"` for every name below it, or
   * `"spiffe://example/ns/billing/*"` for every path below it.
   *
   * @default any
   */
  readonly altNames?: string | readonly string[];
  /**
   * SHA-256 of whole certificates, in hexadecimal. They change with each renewal.
   *
   * @default any
   */
  readonly fingerprints?: string | readonly string[];
  /**
   * Request fields that tell the upstream of the certificate: `{ "x-client": "identity" }`. The client's own of these names
   * are removed. What a certificate does not have is left out.
   *
   * @default none
   */
  readonly headers?: { readonly [field: string]: CertificatePart };
}

/**
 * Lets requests pass whose connection has shown a certificate that the listener's `clientCertificates` vouch for. It goes
 * by the certificate's SPIFFE ID, else by its first DNS name, else by its whole subject, and belongs to the consumer whose
 * `certificates` name it. Without one: 401, without `WWW-Authenticate`, as no scheme asks for certificates; with one that
 * will not do: 403.
 *
 * Behind a proxy that ends TLS the certificate is the proxy's own: then every request goes by that.
 *
 * @example
 * ```ts
 * import { mtls } from "gatewright";
 *
 * const policy = mtls({ altNames: "spiffe://example.org/ns/billing/*", headers: { "x-client": "identity" } });
 * console.log(policy.kind); // mtls
 * ```
 */
export function mtls(options: MtlsOptions = {}): Policy<"mtls", never, IdentityFact> {
  return recordPolicy(mtlsDefinition, options);
}

/** The `mtls` policy's options, its facts and what it is built into. */
export const mtlsDefinition: IdentityDefinition<MtlsPlan> = identityDefinition({
  kind: "mtls",
  schema: mtlsSchema,
  facts: () => ({ gives: IDENTITY_FACTS }),
  describe({ subjects, issuers, altNames, fingerprints }) {
    const terms = [
      ...(subjects === undefined ? [] : [subjects.join(" | ")]),
      ...(altNames === undefined ? [] : [altNames.join(" | ")]),
      ...(issuers === undefined ? [] : [`signed by ${issuers.join(" | ")}`]),
      ...(fingerprints === undefined ? [] : [`${fingerprints.length} by fingerprint`]),
    ];
    return terms.length === 0 ? "mtls" : `mtls: ${terms.join(", ")}`;
  },
  authenticator: authenticatorOf,
});

const ABSENT = new AuthRefusal("absent", { reason: "the client has shown no certificate" });
const EXPIRED = new AuthRefusal("invalid", { reason: "the client's certificate has expired since it was shown" });

/** What is known of a certificate: it is found out once, as all requests of a connection share it. */
interface Known {
  readonly verdict: Identity | AuthRefusal;
  /** `[name, value, …]`. */
  readonly fields: readonly string[];
}

function authenticatorOf(plan: MtlsPlan, { clock, consumers }: BuildEnv): Authenticator {
  const known = new WeakMap<ClientCertificate, Known>(), fault = certificateFault(plan);
  const look = (certificate: ClientCertificate): Known => {
    const wrong = fault(certificate);
    if (wrong !== null) {
      return { verdict: new AuthRefusal("forbidden", { reason: `the client's certificate: ${wrong}` }), fields: [] };
    }
    const identity = { method: "mtls", subject: subjectOf(certificate) };
    const verdict = Object.freeze(consumerIdentity(identity, consumers, consumers.ofCertificate(certificate)));
    return { verdict, fields: certificateFields(certificate, plan.headers) };
  };
  const knownOf = (certificate: ClientCertificate): Known => {
    const before = known.get(certificate);
    if (before !== undefined) return before;
    const found = look(certificate);
    known.set(certificate, found);
    return found;
  };
  return {
    owns: Object.keys(plan.headers),
    check({ client: { certificate } }: Exchange): Identity | AuthRefusal {
      if (certificate === undefined) return ABSENT;
      return certificate.validTo > clock.wall() ? knownOf(certificate).verdict : EXPIRED;
    },
    accepted({ client: { certificate }, headers }: Exchange) {
      if (certificate === undefined) return;
      const { fields } = knownOf(certificate);
      for (let i = 0; i < fields.length; i += 2) headers.add(fields[i], fields[i + 1]);
    },
  };
}
