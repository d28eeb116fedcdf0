/** Whether a request is signed by somebody who may, as far as its head can tell (RFC 9421 §3.2). @module */

import { createHash } from "node:crypto";
import type { BareItem } from "structured-headers";
import type { Clock } from "../../../core/clock.ts";
import type { Exchange } from "../../../core/exchange.ts";
import type { Identity } from "../../../core/identity.ts";
import type { SignatureCheck } from "./algorithms.ts";
import { CONTENT_DIGEST, type Coverage, coversDigest } from "./coverage.ts";
import { type SignatureBase, signatureBase } from "./signature_base.ts";
import { findSignature, type SignatureInput, type Wanted } from "./signature_input.ts";
import { SignedRequest } from "./signed_request.ts";

/** A key, and whose it is. */
export interface KnownKey {
  readonly id: string;
  readonly algorithm: string;
  readonly check: SignatureCheck;
  readonly identity: Identity;
}

/** What signatures must be. */
export interface SignatureTerms {
  readonly keys: ReadonlyMap<string, KnownKey>;
  readonly wanted: Wanted;
  readonly coverage: Coverage;
  /** Milliseconds that `created` may be away, on either side. */
  readonly window: number;
  /** `null`: the listener's. */
  readonly scheme: "http" | "https" | null;
}

/** Characters of a nonce. */
const LONGEST_NONCE = 256;

/** A signature that is not good: why, and whether honest clients have such ones too. */
export class BadSignature {
  constructor(readonly reason: string, readonly honest = false) {}
}

/** A signature that is as it should be, and has not been computed yet. */
export interface Candidate {
  readonly key: KnownKey;
  readonly base: SignatureBase;
  readonly signature: Uint8Array<ArrayBuffer>;
  /** What no other signature has. */
  readonly mark: string;
  /** Milliseconds for which it goes on being good. */
  readonly left: number;
}

const ABSENT = null;

/**
 * Takes all steps but the costly one.
 *
 * @returns `null` where there is no signature that is meant for this gateway
 */
export function candidateOf(exchange: Exchange, terms: SignatureTerms, clock: Clock): Candidate | BadSignature | null {
  const { headers } = exchange, input = headers.get("signature-input");
  if (input === null) return ABSENT;
  const found = findSignature(input, headers.get("signature"), terms.wanted);
  if (found === ABSENT) return ABSENT;
  if (typeof found === "string") return new BadSignature(`the signature is not taken: ${found}`);
  return judge(found, exchange, terms, clock.wall());
}

function judge(
  { covered, signature }: SignatureInput,
  exchange: Exchange,
  { keys, coverage, window, scheme }: SignatureTerms,
  wall: number,
): Candidate | BadSignature {
  const parameters = covered[1], key = keys.get(parameters.get("keyid") as string)!;
  const algorithm = parameters.get("alg"), nonce = parameters.get("nonce");
  if (algorithm !== undefined && algorithm !== key.algorithm) return OTHER_ALGORITHM;
  if (nonce !== undefined && !isNonce(nonce)) return BAD_NONCE;
  const times = timesOf(parameters.get("created"), parameters.get("expires"));
  if (times === null) return BAD_TIMES;
  if (times.created > wall + window) return EARLY;
  const end = Math.min(times.created + window, times.expires);
  if (wall >= end) return LATE;
  const base = signatureBase(covered, new SignedRequest(exchange, scheme ?? exchange.scheme));
  if (base === null) return NO_COMPONENT;
  if (!coverage.isMetBy(base.covered)) return UNCOVERED;
  if (exchange.body !== null && !coversDigest(base.covered)) return NO_DIGEST;
  return { key, base, signature, mark: markOf(key, nonce, base.text), left: end - wall };
}

/** In milliseconds. There must be a `created`: without it a signature would be good for ever. */
function timesOf(created: unknown, expires: unknown): { created: number; expires: number } | null {
  if (!Number.isInteger(created) || expires !== undefined && !Number.isInteger(expires)) return null;
  return { created: created as number * 1_000, expires: expires === undefined ? Infinity : expires as number * 1_000 };
}

function isNonce(nonce: BareItem): nonce is string {
  return typeof nonce === "string" && nonce.length <= LONGEST_NONCE;
}

/**
 * The key's nonce, else the text that was signed: not the signature, of which there may be several for one text that
 * anybody can make of each other (ECDSA).
 */
function markOf({ id }: KnownKey, nonce: string | undefined, text: string): string {
  return nonce === undefined ? createHash("sha256").update(text, "latin1").digest("base64") : `${id}\n${nonce}`;
}

const OTHER_ALGORITHM = new BadSignature("the signature's alg is not that of its key");
const BAD_NONCE = new BadSignature("the signature's nonce is no text, or too long");
const BAD_TIMES = new BadSignature("the signature has no created, or its times are no whole numbers");
const EARLY = new BadSignature("the signature is made in the future: the clocks differ", true);
const LATE = new BadSignature("the signature is too old", true);
const NO_COMPONENT = new BadSignature("the signature covers what the request has not, or has twice, or is not known");
const UNCOVERED = new BadSignature("the signature does not cover all that it must");
const NO_DIGEST = new BadSignature(`the request has a body, and the signature does not cover ${CONTENT_DIGEST}`);
