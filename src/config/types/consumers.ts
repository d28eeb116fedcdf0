/** Consumers as they are written: who calls, by which credentials, and what holds for each of them. @module */

import type { Policy } from "../../core/policy.ts";
import type { KeyHash } from "../../policies/auth/api_key.ts";
import type { Chain } from "./chain.ts";
import type { At } from "./infer.ts";

/** A subject of one issuer's tokens. */
export interface ConsumerSubject {
  /** The token's `iss`. */
  readonly issuer: string;
  /** The token's `sub`. */
  readonly subject: string;
}

/** A client certificate, by one thing that is in it. Its listener has to ask for certificates. */
export type ConsumerCertificate =
  /** The whole distinguished name, as the log and `mtls` have it: `"CN=acme, O=Example"`. */
  | { readonly subject: string; readonly fingerprint?: undefined; readonly altName?: undefined }
  /** SHA-256 of the whole certificate: 64 hexadecimal digits, with or without colons. */
  | { readonly fingerprint: string; readonly subject?: undefined; readonly altName?: undefined }
  /** One of its alternative names: `"acme.test"`, `"spiffe://example/acme"`, `"ops@acme.test"`; `"DNS:acme.test"` is `"acme.test"`. */
  | { readonly altName: string; readonly fingerprint?: undefined; readonly subject?: undefined };

/**
 * Somebody who calls through the gateway: an application, a partner, a team. `L` are its policies as they were written,
 * `Have` the facts that they can count on.
 */
export interface ConsumerConfig<L = unknown, Have extends string = string> {
  /**
   * What it belongs to: `allow` and others ask for them.
   *
   * @default none
   */
  readonly groups?: readonly string[];
  /**
   * Hashes of its API keys, which `apiKey` asks for; `gatewright key` makes one.
   *
   * @default none
   */
  readonly keys?: readonly KeyHash[];
  /**
   * Subjects of its tokens. A text is a subject of any issuer: with several issuers name the issuer too, or one can
   * speak for another's subjects.
   *
   * @default none
   */
  readonly subjects?: readonly (string | ConsumerSubject)[];
  /**
   * Its users of HTTP basic authentication, with the hashes of their passwords: `{ acme: "$2b$…" }`.
   *
   * @default none
   */
  readonly users?: { readonly [user: string]: string };
  /**
   * Its client certificates.
   *
   * @default none
   */
  readonly certificates?: readonly ConsumerCertificate[];
  /**
   * What runs for its requests, on whatever route, right after the identity policy that has found it out, first to last;
   * once a request. Limits count all its requests together.
   *
   * @default none
   */
  readonly policies?: ConsumerChain<L, Have>;
}

type ConsumerChain<L, Have extends string> = unknown extends L ? readonly Policy[]
  : Chain<L, Have | "identity" | "consumer", "consumer">;

/** The consumers expected where `C` was written. A mapped type over `C` itself, so that `C` is inferred from what stands there. */
export type CheckedConsumers<C, Have extends string> = {
  readonly [K in keyof C]: ConsumerConfig<At<C[K], "policies">, Have>;
};
