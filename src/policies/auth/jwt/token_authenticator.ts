/** Checks tokens. @module */

import { compactVerify } from "jose";
import type { BuildEnv } from "../../../core/build_env.ts";
import type { Exchange } from "../../../core/exchange.ts";
import type { MaybePromise } from "../../../core/handler.ts";
import type { Identity } from "../../../core/identity.ts";
import type { ExchangeTrace } from "../../../core/trace.ts";
import { AuthRefusal } from "../auth_refusal.ts";
import type { Authenticator } from "../authenticator.ts";
import { areSendable, sendClaims, type SentClaim } from "../claims/sent_claims.ts";
import { tokenIdentity } from "../claims/token_identity.ts";
import { NO_CREDENTIAL, SEVERAL_CREDENTIALS } from "../credential/credential_place.ts";
import type { FailureLimit } from "../failure_limit.ts";
import { VerifiedCache } from "../verified_cache.ts";
import { claimFault, type ClaimTerms, lastMoment } from "./claim_rules.ts";
import { type CompactToken, readToken } from "./compact_token.ts";
import type { KeySource } from "./key_source.ts";
import { HONEST_FAULTS, type TokenFault, type TokenRefusals } from "./token_fault.ts";
import { tokenIn, type TokenPlaces } from "./token_places.ts";

/** Characters of a token and its scheme: more than a head has room for by default. */
const LONGEST = 16 * 1024;

/** What tokens are checked by. */
export interface TokenCheck {
  readonly places: TokenPlaces;
  readonly algorithms: ReadonlySet<string>;
  readonly keys: KeySource;
  readonly terms: ClaimTerms;
  readonly sent: readonly SentClaim[];
  /** Where the groups stand among the claims. */
  readonly groups: readonly string[];
  readonly refusals: TokenRefusals;
  readonly failures: FailureLimit | null;
  /** How many good tokens are remembered, and for how many milliseconds at most. */
  readonly cache: { readonly size: number; readonly ttl: number };
  readonly keep: boolean;
}

/** What came of a check; `null`: there was nothing to check it with. */
type Verdict = Identity | TokenFault | null;

/**
 * Lets those pass who show a good token. One that was found good is remembered, and costs one look-up; one that is being
 * checked is checked once, however many requests carry it. What can be refused without a key is refused before one is
 * looked for.
 */
export class TokenAuthenticator implements Authenticator {
  readonly owns: readonly string[];
  readonly #check: TokenCheck;
  readonly #env: Pick<BuildEnv, "clock" | "consumers">;
  readonly #places: TokenPlaces;
  readonly #keys: KeySource;
  readonly #good: VerifiedCache<Identity>;
  /** Of the keys that all of {@link #good} was checked with. */
  #generation: number;
  readonly #underWay = new Map<string, Promise<Verdict>>();

  constructor(check: TokenCheck, env: Pick<BuildEnv, "clock" | "consumers">) {
    this.owns = check.sent.map(({ field }) => field);
    this.#check = check;
    this.#env = env;
    this.#places = check.places;
    this.#keys = check.keys;
    this.#good = new VerifiedCache(check.cache.size);
    this.#generation = check.keys.generation;
  }

  check(exchange: Exchange): MaybePromise<Identity | AuthRefusal> {
    const carrier = this.#places.read(exchange);
    if (carrier === NO_CREDENTIAL) return this.#check.refusals.absent;
    if (carrier === SEVERAL_CREDENTIALS) return this.#settled("several", exchange);
    if (this.#keys.generation !== this.#generation) {
      this.#good.expire();
      this.#generation = this.#keys.generation;
    }
    return this.#good.get(carrier, exchange.startedAt) ?? this.#unknown(carrier, exchange);
  }

  accepted(exchange: Exchange, { claims }: Identity): void {
    const { sent, keep } = this.#check;
    if (!keep) this.#places.remove(exchange);
    if (sent.length > 0 && claims !== undefined) sendClaims(sent, claims, exchange.headers);
  }

  hide(exchange: Exchange, kept: readonly string[]): void {
    this.#places.remove(exchange, kept);
  }

  kept(exchange: Exchange): readonly string[] {
    const carrier = this.#check.keep ? this.#places.read(exchange) : NO_CREDENTIAL;
    return carrier === NO_CREDENTIAL || carrier === SEVERAL_CREDENTIALS ? [] : [carrier];
  }

  #unknown(carrier: string, exchange: Exchange): MaybePromise<Identity | AuthRefusal> {
    const { failures } = this.#check, wait = failures?.wait(exchange, this.#env.clock.now()) ?? 0;
    if (wait > 0 && !this.#good.knew(carrier)) {
      return new AuthRefusal("limited", { reason: "too many tokens that were not good", retryAfter: wait });
    }
    const settle = (verdict: Verdict) => {
      if (typeof verdict === "string") this.#good.forget(carrier);
      return this.#settled(verdict, exchange);
    };
    const verdict = this.#underWay.get(carrier) ?? this.#judge(carrier, exchange);
    return verdict instanceof Promise ? verdict.then(settle) : settle(verdict);
  }

  #settled(verdict: Verdict, exchange: Exchange): Identity | AuthRefusal {
    const { refusals, failures } = this.#check;
    if (verdict === null) return refusals.unavailable;
    if (typeof verdict !== "string") return verdict;
    if (!HONEST_FAULTS.has(verdict)) failures?.failed(exchange, this.#env.clock.now());
    return refusals.faults[verdict];
  }

  #judge(carrier: string, { trace }: Exchange): MaybePromise<Verdict> {
    if (carrier.length > LONGEST) return "long";
    const { algorithms, terms, sent } = this.#check, token = readToken(tokenIn(carrier), algorithms);
    if (typeof token === "string") return token;
    const fault = claimFault(token, terms, this.#env.clock.wall());
    if (fault !== null) return fault;
    if (!areSendable(sent, token.claims)) return "unsendable";
    const verdict = this.#verify(carrier, token, trace).finally(() => this.#underWay.delete(carrier));
    this.#underWay.set(carrier, verdict);
    return verdict;
  }

  async #verify(carrier: string, token: CompactToken, trace: ExchangeTrace | null): Promise<Verdict> {
    const { algorithm, kid } = token, { generation } = this.#keys, keys = await this.#keys.find(algorithm, kid, trace);
    if (keys === null) return null;
    if (keys.length === 0) return "key";
    const isSigned = await isSignedByOne(token, keys) ||
      await isSignedByOne(token, await this.#keys.findOthers(algorithm, kid, keys, trace));
    return isSigned ? this.#remembered(carrier, token, generation) : "signature";
  }

  #remembered(carrier: string, { claims }: CompactToken, generation: number): Identity {
    const { terms, groups, cache } = this.#check, { clock, consumers } = this.#env;
    const identity = tokenIdentity(claims, groups, consumers);
    const now = clock.now(), left = lastMoment(claims, terms) - clock.wall();
    // Keys that went away meanwhile have vouched for it, and do so no more.
    if (this.#keys.generation !== generation) return identity;
    this.#good.set(carrier, identity, Math.min(now + Math.min(left, cache.ttl), this.#keys.goodUntil));
    return identity;
  }
}

async function isSignedByOne(token: CompactToken, keys: readonly CryptoKey[]): Promise<boolean> {
  for (const key of keys) if (await isSignedBy(token, key)) return true;
  return false;
}

async function isSignedBy({ text, algorithm }: CompactToken, key: CryptoKey): Promise<boolean> {
  try {
    await compactVerify(text, key, { algorithms: [algorithm] });
    return true;
  } catch {
    return false;
  }
}
