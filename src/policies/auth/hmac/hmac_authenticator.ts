/** Checks signed requests. @module */

import { BodyError, type BodySource, isBodySource } from "../../../core/body.ts";
import type { BuildEnv } from "../../../core/build_env.ts";
import type { Exchange } from "../../../core/exchange.ts";
import type { MaybePromise } from "../../../core/handler.ts";
import type { Identity } from "../../../core/identity.ts";
import { readPrefix } from "../../keys/body_prefix.ts";
import { RejoinedBody } from "../../keys/rejoined_body.ts";
import type { AuthRefusal } from "../auth_refusal.ts";
import type { Authenticator } from "../authenticator.ts";
import type { FailureLimit } from "../failure_limit.ts";
import type { AskedSignature } from "./asked_signature.ts";
import { type ContentDigest, isDigestOf, readContentDigest } from "./content_digest.ts";
import { CONTENT_DIGEST, coversDigest } from "./coverage.ts";
import type { ReplayMemory } from "./replay_memory.ts";
import { BadSignature, type Candidate, candidateOf, type SignatureTerms } from "./signature_check.ts";

/** What goes with checking. */
export interface HmacParts {
  readonly terms: SignatureTerms;
  readonly asked: AskedSignature;
  /** `null`: a signature may be shown again. */
  readonly replays: ReplayMemory | null;
  /** Signatures that are remembered. */
  readonly maxRemembered: number;
  readonly failures: FailureLimit | null;
  /** Bytes. */
  readonly maxBody: number;
  readonly keep: boolean;
}

/** Knows the request by its signature, and by the digest that the signature covers the body: that comes last. */
export class HmacAuthenticator implements Authenticator {
  readonly owns: readonly string[] = [];
  readonly #parts: HmacParts;
  readonly #env: Pick<BuildEnv, "clock" | "deadlines">;

  constructor(parts: HmacParts, env: Pick<BuildEnv, "clock" | "deadlines">) {
    this.#parts = parts;
    this.#env = env;
  }

  check(exchange: Exchange): MaybePromise<Identity | AuthRefusal> {
    const { terms, replays, failures, asked } = this.#parts, { clock } = this.#env;
    if (!exchange.headers.has("signature-input")) return this.#refusal("absent", NOT_SIGNED, exchange);
    // Before anything is parsed: that is what a request costs whose signature is made up.
    const wait = failures === null ? 0 : failures.wait(exchange, exchange.startedAt);
    if (wait > 0) return asked.limited(wait);
    const candidate = candidateOf(exchange, terms, clock);
    if (candidate === null) return this.#refusal("absent", NOT_SIGNED, exchange);
    if (candidate instanceof BadSignature) return this.#refused(candidate, exchange);
    if (replays?.has(candidate.mark, clock.now())) return this.#refused(REPLAYED, exchange);
    const { key, base, signature } = candidate, right = key.check(base.text, signature);
    if (right instanceof Promise) return right.then((right) => this.#judged(right, candidate, exchange));
    return this.#judged(right, candidate, exchange);
  }

  accepted(exchange: Exchange): void {
    if (!this.#parts.keep) this.hide(exchange);
  }

  hide({ headers }: Exchange, kept: readonly string[] = []): void {
    const signature = headers.get("signature");
    if (signature !== null && kept.includes(signature)) return;
    headers.remove("signature");
    headers.remove("signature-input");
  }

  kept({ headers }: Exchange): readonly string[] {
    const signature = this.#parts.keep ? headers.get("signature") : null;
    return signature === null ? [] : [signature];
  }

  /** @param right whether the signature is the key's */
  #judged(right: boolean, candidate: Candidate, exchange: Exchange): MaybePromise<Identity | AuthRefusal> {
    return right ? this.#checkBody(candidate, exchange) : this.#refused(WRONG, exchange);
  }

  #checkBody(candidate: Candidate, exchange: Exchange): MaybePromise<Identity | AuthRefusal> {
    const { body, headers } = exchange, { maxBody } = this.#parts;
    if (!coversDigest(candidate.base.covered)) return this.#known(candidate, exchange);
    const digests = readContentDigest(headers.get(CONTENT_DIGEST));
    if (digests === null) return this.#refused(BAD_DIGEST, exchange);
    const length = body?.length ?? 0;
    if (length > maxBody) throw tooLarge(maxBody);
    if (isBodySource(body)) return this.#readBody(body, candidate, digests, exchange);
    return isDigestOf(digests, body ?? NOTHING)
      ? this.#known(candidate, exchange)
      : this.#refused(OTHER_BODY, exchange);
  }

  async #readBody(
    body: BodySource,
    candidate: Candidate,
    digests: readonly ContentDigest[],
    exchange: Exchange,
  ): Promise<Identity | AuthRefusal> {
    const { maxBody } = this.#parts;
    const { bytes, whole } = await readPrefix(body, maxBody + 1, this.#env.deadlines);
    exchange.body = new RejoinedBody(bytes, body);
    if (!whole) throw tooLarge(maxBody);
    return isDigestOf(digests, bytes) ? this.#known(candidate, exchange) : this.#refused(OTHER_BODY, exchange);
  }

  /** All is right: now it is remembered, so that of two that came at once only one passes. */
  #known({ key, mark, left }: Candidate, exchange: Exchange): Identity | AuthRefusal {
    const { replays, maxRemembered, asked } = this.#parts, now = this.#env.clock.now();
    switch (replays?.take(mark, now + left, now, maxRemembered)) {
      case "seen":
        return this.#refused(REPLAYED, exchange);
      case "full":
        return asked.full;
      default:
        return key.identity;
    }
  }

  #refused({ reason, honest }: BadSignature, exchange: Exchange): AuthRefusal {
    if (!honest) this.#parts.failures?.failed(exchange, exchange.startedAt);
    return this.#refusal("invalid", reason, exchange);
  }

  #refusal(kind: "absent" | "invalid", reason: string, { body }: Exchange): AuthRefusal {
    return this.#parts.asked.refusal(kind, reason, body !== null);
  }
}

const NOTHING = new Uint8Array(0);
const NOT_SIGNED = "the request is not signed";
const REPLAYED = new BadSignature("the signature, or its nonce, was shown before", true);
const WRONG = new BadSignature("the signature is not right");
const BAD_DIGEST = new BadSignature(`${CONTENT_DIGEST} is malformed, or has neither sha-256 nor sha-512`);
const OTHER_BODY = new BadSignature(`the body is not the one that ${CONTENT_DIGEST} is of`);

function tooLarge(most: number): BodyError {
  return new BodyError("too-large", `a signed body may have ${most} bytes`);
}
