/** Checks tokens by asking whoever has issued them. @module */

import type { BuildEnv } from "../../../core/build_env.ts";
import type { Exchange } from "../../../core/exchange.ts";
import type { MaybePromise } from "../../../core/handler.ts";
import type { Identity } from "../../../core/identity.ts";
import { AuthRefusal } from "../auth_refusal.ts";
import type { Authenticator } from "../authenticator.ts";
import type { Claims } from "../claims/claims.ts";
import { sendClaims } from "../claims/sent_claims.ts";
import { tokenIdentity } from "../claims/token_identity.ts";
import { NO_CREDENTIAL, SEVERAL_CREDENTIALS } from "../credential/credential_place.ts";
import type { FailureLimit } from "../failure_limit.ts";
import { tokenIn, type TokenPlaces } from "../jwt/token_places.ts";
import { VerifiedCache } from "../verified_cache.ts";
import { ACTIVE_FAULTS, type ActiveFault, activeFault, type ActiveTerms, timeLeft } from "./active_token.ts";
import { type IntrospectionProvider, NoAnswer } from "./provider.ts";

/** Tokens that are remembered not to be good: whoever wants to can make up others. */
const BAD_TOKENS = 1_000;
/** Characters of a token: half of what a head has room for by default. */
const LONGEST = 8 * 1024;
/** RFC 6749, appendix A.12, without blanks. */
const TOKEN = /^[\x21-\x7e]+$/;
/** The scheme with nothing behind it that could be a token. */
const NO_BEARER = /^bearer(?: |$)/i;

/** What tokens are checked by. */
export interface IntrospectParts {
  readonly places: TokenPlaces;
  readonly provider: IntrospectionProvider;
  readonly terms: ActiveTerms;
  /** Where the groups stand in the answer. */
  readonly groups: readonly string[];
  /** Milliseconds for which the answers are believed at most. */
  readonly cache: { readonly size: number; readonly ttl: number; readonly negative: number };
  readonly failures: FailureLimit | null;
  readonly realm: string;
  readonly keep: boolean;
}

/** Lets those pass whose token the provider calls active. While nobody can say, nobody passes who is not remembered. */
export class IntrospectAuthenticator implements Authenticator {
  readonly owns: readonly string[];
  readonly #parts: IntrospectParts;
  readonly #env: Pick<BuildEnv, "clock" | "consumers">;
  readonly #good: VerifiedCache<Identity>;
  readonly #bad: VerifiedCache<AuthRefusal>;
  readonly #absent: AuthRefusal;
  readonly #faults: Readonly<Record<ActiveFault, AuthRefusal>>;

  constructor(parts: IntrospectParts, env: Pick<BuildEnv, "clock" | "consumers">) {
    const { terms, cache, realm } = parts, challenge = `Bearer realm="${realm}"`;
    this.owns = terms.sent.map(({ field }) => field);
    this.#parts = parts;
    this.#env = env;
    this.#good = new VerifiedCache(cache.size);
    this.#bad = new VerifiedCache(cache.negative === 0 ? 0 : BAD_TOKENS);
    this.#absent = new AuthRefusal("absent", { reason: "there is no token", challenges: [challenge] });
    // RFC 6750 §3.1; why it is invalid is nobody's business but the log's.
    const challenges = [`${challenge}, error="invalid_token"`];
    this.#faults = Object.fromEntries(
      Object.entries(ACTIVE_FAULTS).map((
        [fault, reason],
      ) => [fault, new AuthRefusal("invalid", { reason, challenges })]),
    ) as Record<ActiveFault, AuthRefusal>;
  }

  check(exchange: Exchange): MaybePromise<Identity | AuthRefusal> {
    const carrier = this.#parts.places.read(exchange);
    if (carrier === NO_CREDENTIAL) return this.#absent;
    if (carrier === SEVERAL_CREDENTIALS) return this.#refused("several", exchange);
    return this.#good.get(carrier, exchange.startedAt) ?? this.#bad.get(carrier, exchange.startedAt) ??
      this.#ask(carrier, exchange);
  }

  accepted(exchange: Exchange, { claims }: Identity): void {
    const { terms: { sent }, keep } = this.#parts;
    if (!keep) this.#parts.places.remove(exchange);
    if (sent.length > 0 && claims !== undefined) sendClaims(sent, claims, exchange.headers);
  }

  hide(exchange: Exchange, kept: readonly string[]): void {
    this.#parts.places.remove(exchange, kept);
  }

  kept(exchange: Exchange): readonly string[] {
    const { places, keep } = this.#parts, carrier = keep ? places.read(exchange) : NO_CREDENTIAL;
    return carrier === NO_CREDENTIAL || carrier === SEVERAL_CREDENTIALS ? [] : [carrier];
  }

  #ask(carrier: string, exchange: Exchange): MaybePromise<Identity | AuthRefusal> {
    const { failures, provider } = this.#parts, wait = failures?.wait(exchange, exchange.startedAt) ?? 0;
    // Whose token was active is not to suffer from a neighbour behind the same address.
    if (wait > 0 && !this.#good.knew(carrier)) {
      return new AuthRefusal("limited", { reason: "too many tokens that were not good", retryAfter: wait });
    }
    const token = tokenIn(carrier);
    if (token.length > LONGEST || !TOKEN.test(token) || token === carrier && NO_BEARER.test(carrier)) {
      return this.#refused("malformed", exchange);
    }
    return provider.ask(token, exchange.trace).then((answer) => {
      if (answer instanceof NoAnswer) return new AuthRefusal("unavailable", { reason: answer.reason });
      return this.#told(answer.claims, carrier, exchange);
    });
  }

  /** The provider has said what it is. @param claims `null`: the token is not active */
  #told(claims: Claims | null, carrier: string, exchange: Exchange): Identity | AuthRefusal {
    const { terms, cache } = this.#parts, { clock } = this.#env, now = clock.now(), wall = clock.wall();
    const fault = claims === null ? "inactive" : activeFault(claims, terms, wall);
    if (fault !== null) {
      this.#good.forget(carrier);
      this.#bad.set(carrier, this.#faults[fault], now + cache.negative);
      return this.#refused(fault, exchange);
    }
    const identity = this.#identity(claims!);
    this.#good.set(carrier, identity, now + Math.min(cache.ttl, timeLeft(claims!, wall)));
    return identity;
  }

  #identity(claims: Claims): Identity {
    const identity = tokenIdentity(claims, this.#parts.groups, this.#env.consumers), { username } = claims;
    const subject = identity.subject ?? (typeof username === "string" ? username : undefined);
    return Object.freeze({ ...identity, method: "introspect", ...subject === undefined ? {} : { subject } });
  }

  #refused(fault: ActiveFault, exchange: Exchange): AuthRefusal {
    this.#parts.failures?.failed(exchange, exchange.startedAt);
    return this.#faults[fault];
  }
}
