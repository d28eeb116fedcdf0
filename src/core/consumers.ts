/** The named consumers of a config, found by what they show. @module */

import type { ClientCertificate } from "./client_certificate.ts";

/** Somebody who calls through the gateway: an application, a partner, a team. */
export interface Consumer {
  readonly name: string;
  readonly groups: readonly string[];
}

/** A consumer's own user of HTTP basic authentication. */
export interface ConsumerPassword {
  readonly consumer: Consumer;
  /** As password policies take it: `$2b$…`, `$argon2id$…`, `{SHA256}…`. */
  readonly hash: string;
}

/** Looks consumers up; each look costs the same, however many there are. */
export interface Consumers {
  /** @param hash SHA-256 of the key, in hexadecimal, lower case */
  ofKey(hash: string): Consumer | undefined;
  /** @param issuer the token's `iss`; `undefined` where it has none */
  ofSubject(subject: string, issuer: string | undefined): Consumer | undefined;
  ofUser(user: string): ConsumerPassword | undefined;
  /** Those of all consumers: a user whom nobody knows must cost as much as one of these. @default none */
  readonly passwords?: readonly ConsumerPassword[];
  ofCertificate(certificate: ClientCertificate): Consumer | undefined;
  /** By the consumer's own name: for credentials that carry it. */
  named(name: string): Consumer | undefined;
}

/** There are none. */
export const NO_CONSUMERS: Consumers = Object.freeze({
  ofKey: () => undefined,
  ofSubject: () => undefined,
  ofUser: () => undefined,
  ofCertificate: () => undefined,
  named: () => undefined,
});
