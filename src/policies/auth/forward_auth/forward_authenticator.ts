/** Lets a service decide. @module */

import type { BuildEnv } from "../../../core/build_env.ts";
import { contextKey } from "../../../core/context_key.ts";
import type { Exchange } from "../../../core/exchange.ts";
import type { MaybePromise } from "../../../core/handler.ts";
import type { Identity } from "../../../core/identity.ts";
import { ABSENT, type KeyTextReader } from "../../keys/key_spec.ts";
import { type Service, ServiceError } from "../../service/service.ts";
import { addAnswerFields } from "../answer_fields.ts";
import { AuthRefusal, type RefusalKind } from "../auth_refusal.ts";
import type { Authenticator } from "../authenticator.ts";
import { VerifiedCache } from "../verified_cache.ts";
import { type AnswerTerms, type Denied, type ServiceVerdict, Undecided, verdictOf } from "./service_verdict.ts";

/** How answers are remembered. */
export interface ForwardCache {
  readonly keyOf: KeyTextReader;
  /** Whether the key alone tells requests apart. */
  readonly everywhere: boolean;
  readonly size: number;
  /** Milliseconds. */
  readonly ttl: number;
}

/** What is asked, and what is made of the answer. */
export interface ForwardParts {
  readonly service: Service;
  readonly method: string;
  /** Sent along: names in lower case. */
  readonly requestHeaders: readonly string[];
  readonly terms: AnswerTerms;
  readonly cache: ForwardCache | null;
}

/** Asks for each request, or once for those of a key; without an answer nobody passes. */
export class ForwardAuthenticator implements Authenticator {
  readonly owns: readonly string[];
  readonly #parts: ForwardParts;
  readonly #env: Pick<BuildEnv, "clock" | "consumers">;
  readonly #good: VerifiedCache<Identity>;
  readonly #underWay = new Map<string, Promise<ServiceVerdict>>();
  /** Fields for the upstream that go with an identity. */
  readonly #fields = new WeakMap<Identity, readonly string[]>();
  /** Fields for the client, until its request is let pass. */
  readonly #clientFields = contextKey<readonly string[]>("forwardAuth");

  constructor(parts: ForwardParts, env: Pick<BuildEnv, "clock" | "consumers">) {
    const { responseHeaders, identity } = parts.terms;
    const said = [...responseHeaders, identity.subject, identity.user, identity.groups, identity.consumer];
    this.owns = [...new Set(said.filter((name) => name !== undefined))];
    this.#parts = parts;
    this.#env = env;
    this.#good = new VerifiedCache(parts.cache?.size ?? 0);
  }

  check(exchange: Exchange): MaybePromise<Identity | AuthRefusal> {
    const { cache } = this.#parts, key = cache === null ? ABSENT : keyOf(cache, exchange);
    if (cache === null || key === ABSENT) return this.#askAlone(exchange);
    const known = this.#good.get(key, exchange.startedAt);
    if (known !== undefined) return known;
    const underWay = this.#underWay.get(key);
    if (underWay === undefined) {
      return this.#askForAll(key, cache.ttl, exchange).then((verdict) => this.#own(verdict, exchange));
    }
    return underWay.then((verdict) => {
      if ("identity" in verdict) return verdict.identity;
      // A refusal is for who was asked for: it may have a cookie in it, or the way back to where that one was going.
      return verdict instanceof Undecided ? refusalOf(verdict, exchange) : this.#askAlone(exchange);
    });
  }

  accepted(exchange: Exchange, identity: Identity): void {
    const { headers } = exchange, fields = this.#fields.get(identity) ?? [], told = exchange.get(this.#clientFields);
    for (let i = 0; i < fields.length; i += 2) headers.add(fields[i], fields[i + 1]);
    if (told !== undefined) addAnswerFields(exchange, told);
  }

  #askForAll(key: string, ttl: number, exchange: Exchange): Promise<ServiceVerdict> {
    const asked = this.#ask(exchange, true).then((verdict) => {
      if ("identity" in verdict) this.#good.set(key, verdict.identity, this.#env.clock.now() + ttl);
      return verdict;
    }).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, asked);
    return asked;
  }

  #askAlone(exchange: Exchange): Promise<Identity | AuthRefusal> {
    return this.#ask(exchange, false).then((verdict) => this.#own(verdict, exchange));
  }

  /** @param shared whether others wait for the answer too */
  async #ask(exchange: Exchange, shared: boolean): Promise<ServiceVerdict> {
    const { service, method, terms } = this.#parts, { consumers } = this.#env;
    try {
      const answer = await service.call({ method, fields: this.#fieldsOf(exchange), on: exchange, shared });
      const verdict = verdictOf(answer, terms, consumers);
      if ("identity" in verdict) this.#fields.set(verdict.identity, verdict.fields);
      return verdict;
    } catch (error) {
      if (error instanceof ServiceError) return new Undecided(error.message);
      throw error;
    }
  }

  /** What was asked for this exchange. */
  #own(verdict: ServiceVerdict, exchange: Exchange): Identity | AuthRefusal {
    if (!("identity" in verdict)) return refusalOf(verdict, exchange);
    if (verdict.clientFields.length > 0) exchange.set(this.#clientFields, verdict.clientFields);
    return verdict.identity;
  }

  /** The path is the canonical one, as upstreams receive it: the service judges what they will see. */
  #fieldsOf({ headers, method, path, query }: Exchange): string[] {
    const fields = ["x-forwarded-method", method, "x-forwarded-uri", path + query];
    for (const name of this.#parts.requestHeaders) {
      const value = headers.get(name);
      if (value !== null) fields.push(name, value);
    }
    return fields;
  }
}

/** A request without the key has no place in the cache. */
function keyOf({ keyOf, everywhere }: ForwardCache, exchange: Exchange): string {
  const key = keyOf(exchange);
  if (key === ABSENT || everywhere) return key;
  const { method, scheme, authority, path, query, client, headers } = exchange;
  // What the service is told of host and scheme is what a trusted proxy says of them.
  const told = client.trusted ? TOLD.map((name) => headers.get(name) ?? "").join("\n") : "";
  return `${method} ${scheme}://${authority}${path}${query}\n${told}\n${key}`;
}

const TOLD = ["x-forwarded-host", "x-forwarded-proto", "forwarded"];

function refusalOf(verdict: Denied | Undecided, exchange: Exchange): AuthRefusal {
  if (verdict instanceof Undecided) return new AuthRefusal("unavailable", { reason: verdict.reason });
  const reason = `the service refused it with status ${verdict.status}`;
  return new AuthRefusal(kindOf(verdict, exchange), { reason, answer: verdict.answer });
}

/** Only `Authorization` is surely a credential: cookies are sent by everybody. */
function kindOf({ status }: Denied, { headers }: Exchange): RefusalKind {
  if (status === 403) return "forbidden";
  if (status === 429) return "limited";
  return headers.has("authorization") ? "invalid" : "absent";
}
