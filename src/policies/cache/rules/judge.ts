/** Whether an answer may be kept, and for how long (RFC 9111 §3 and §4.2). @module */

import { parseHttpDate } from "../../../http/http_date.ts";
import type { CachePlan } from "../cache_plan.ts";
import { contentRange } from "../ranges/partial.ts";
import { validators } from "../selection/validation.ts";
import { varyNames } from "../selection/vary.ts";
import type { Freshness } from "../stored_response.ts";
import { arrivedFields } from "./arrived_fields.ts";
import { keptFields, tagsIn } from "./kept_fields.ts";
import { configuredLifetime, explicitLifetime, heuristicLifetime, initialAge, type Said } from "./lifetime.ts";
import { type ResponseDirectives, responseDirectives } from "./response_directives.ts";
import { isAboutUrl, isHeuristic, isUnderstood } from "./statuses.ts";
import { targetedDirectives } from "./targeted.ts";

/** The head of an answer and what is known of its request. */
export interface Arrived {
  readonly method: string;
  readonly status: number;
  /** `[name, value, …]`, names in lower case, as they came; what `Connection` names is gone. */
  readonly fields: readonly string[];
  /** `Clock.now()` when the request was sent. */
  readonly requestedAt: number;
  /** `Clock.now()` when the head was there. */
  readonly receivedAt: number;
  /** `Clock.wall()` at the same time. */
  readonly wall: number;
  /** Whether the request carried a credential, and nothing makes its answer one for everybody or keeps it apart. */
  readonly authorized: boolean;
  /** Whether the request said that the answer is not to be kept, and that counts. */
  readonly noStore: boolean;
}

/** An answer that may be kept. */
export interface Keep {
  readonly keep: true;
  /** As `StoredResponse` has them. */
  readonly fields: readonly string[];
  readonly freshness: Freshness;
  readonly vary: readonly string[];
  readonly tags: readonly string[];
  /** Whether the upstream has said how long it is fresh. */
  readonly explicit: boolean;
}

/** One that may not. */
export interface Discard {
  readonly keep: false;
  /** A token for `Cache-Status`. */
  readonly why: string;
}

/** What comes of it. */
export type Verdict = Keep | Discard;

/** What `forceTtl` is for where the config does not say. */
const OK: readonly number[] = [200];

/**
 * Judges an answer by its head.
 *
 * `forceTtl` overrules `no-store`, `private`, `no-cache`, `must-understand`, `must-revalidate` and every lifetime, and
 * neither `Vary`, not even `*`, nor the fields that `private="…"` and `no-cache="…"` withhold: they say who may have what,
 * and a wrong guess gives one client's answer to another. For the same reason no option lets an answer be kept that was for
 * a credential (RFC 9111 §3.5), or one that sets a cookie: that is kept only where the upstream gives it a lifetime, and no
 * longer than that.
 */
export function judge(arrived: Arrived, plan: CachePlan): Verdict {
  const { method, status, wall, authorized } = arrived, fields = arrivedFields(arrived.fields);
  const plain = method === "GET" || method === "HEAD" || plan.key.methods.includes(method);
  if (!plain && method !== "POST") return METHOD;
  if (!isAboutUrl(status) || (status === 206 && (!plain || contentRange(arrived.fields) === null))) return STATUS;
  if (arrived.noStore) return REQUEST_NO_STORE;

  const targeted = targetedIn(arrived.fields, plan.targeted);
  const directives = targeted ?? responseDirectives(fields.cacheControl);
  const date = fields.date === null ? undefined : parseHttpDate(fields.date, wall);
  const said: Said = { status, fields, directives, targeted: targeted !== null, date, wall };
  const cookies = setsCookie(arrived.fields, directives.withheld);
  const forced = plan.forceTtl !== null && !authorized && !cookies && (plan.statuses ?? OK).includes(status);
  // First, as it is about the request: what others share has not become another thing.
  if (authorized && !directives.allowsAuthorized) return AUTHORIZED;
  const forbidden = forbids(directives, status);
  if (forbidden !== null && !forced) return forbidden;

  const explicit = explicitLifetime(said);
  if (cookies && (explicit === null || explicit === 0 || directives.noCache)) return SET_COOKIE;
  // RFC 9110 §9.3.3; that the location is the request's own URL is for the caller to see.
  if (!plain && !(explicit !== null && status === 200 && fields.hasContentLocation)) return METHOD;
  const own = forced ? plan.forceTtl : explicit === null && isSilent(said) ? configuredLifetime(said, plan) : null;
  const heuristic = explicit === null && isSilent(said) ? heuristicLifetime(said, plan) : 0;
  const ttl = own ?? explicit ?? heuristic;
  if (own === null && explicit === null && heuristic === 0 && !isStorable(said)) return STATUS;

  const noCache = directives.noCache && !forced, canAsk = validators(arrived).length > 0;
  if (noCache && !canAsk) return NO_CACHE;
  const windows = staleWindows(directives, forced, ttl > 0 && !cookies ? plan : NO_WINDOWS);
  const { staleWhileRevalidate, staleIfError } = windows;
  if (ttl === 0 && !canAsk && staleWhileRevalidate === 0 && staleIfError === 0) return NO_LIFETIME;
  const vary = varyNames(arrived.fields);
  if (vary === null) return VARY;

  const age = initialAge(said, arrived.receivedAt - arrived.requestedAt);
  const freshness: Freshness = {
    initialAge: age,
    // A lifetime of the config's begins when the answer comes, however old it is then.
    lifetime: own === null || own === 0 ? ttl : age + own,
    staleWhileRevalidate,
    staleIfError,
    mustRevalidate: !forced && (directives.mustRevalidate || directives.sMaxAge !== null || cookies),
    noCache,
    immutable: directives.immutable,
  };
  return {
    keep: true,
    fields: keptFields(arrived.fields, directives.withheld, date !== undefined, wall),
    freshness,
    vary,
    tags: tagsIn(arrived.fields, plan.tagFields),
    explicit: explicit !== null,
  };
}

function no(why: string): Discard {
  return Object.freeze({ keep: false, why });
}

const METHOD = no("method"), STATUS = no("status"), REQUEST_NO_STORE = no("request-no-store");
const NO_STORE = no("no-store"), PRIVATE = no("private"), MUST_UNDERSTAND = no("must-understand");
const AUTHORIZED = no("authorized"), NO_CACHE = no("no-cache"), NO_LIFETIME = no("no-lifetime");
const VARY = no("vary"), SET_COOKIE = no("set-cookie");

type Windows = Pick<Freshness, "staleWhileRevalidate" | "staleIfError">;
const NO_WINDOWS: Windows = Object.freeze({ staleWhileRevalidate: 0, staleIfError: 0 });

/** The first targeted field that says something (RFC 9213 §2.2). */
function targetedIn(fields: readonly string[], names: readonly string[]): ResponseDirectives | null {
  for (const name of names) {
    let value: string | null = null;
    for (let i = 0; i < fields.length; i += 2) {
      if (fields[i] === name) value = value === null ? fields[i + 1] : value + ", " + fields[i + 1];
    }
    const directives = value === null ? null : targetedDirectives(value);
    if (directives !== null) return directives;
  }
  return null;
}

/** A `must-understand` that is met takes the place of `no-store` (RFC 9111 §5.2.2.3). */
function forbids({ noStore, isPrivate, mustUnderstand }: ResponseDirectives, status: number): Discard | null {
  if (mustUnderstand && !isUnderstood(status)) return MUST_UNDERSTAND;
  if (noStore && !mustUnderstand) return NO_STORE;
  return isPrivate ? PRIVATE : null;
}

/** Whether the upstream leaves it to the cache how long to keep it: then the config may say, or the heuristic. */
function isSilent({ directives, fields, targeted }: Said): boolean {
  return !directives.noCache && !(fields.pragma && fields.cacheControl === null && !targeted);
}

/** The last of RFC 9111 §3's conditions, where there is no lifetime. */
function isStorable({ directives, status }: Said): boolean {
  return directives.isPublic || isHeuristic(status);
}

/**
 * What the upstream allows; the config's, where it does not say and does not forbid. `s-maxage` forbids by implication
 * only: beside it the upstream's own word counts, which extends that of RFC 9111 (§5.2.3 there).
 */
function staleWindows(directives: ResponseDirectives, forced: boolean, otherwise: Windows): Windows {
  if (!forced && (directives.noCache || directives.mustRevalidate)) return NO_WINDOWS;
  const unsaid = !forced && directives.sMaxAge !== null ? NO_WINDOWS : otherwise;
  return {
    staleWhileRevalidate: directives.staleWhileRevalidate ?? unsaid.staleWhileRevalidate,
    staleIfError: directives.staleIfError ?? unsaid.staleIfError,
  };
}

/** Whether one client's cookie would be given to others. */
function setsCookie(fields: readonly string[], withheld: readonly string[]): boolean {
  for (let i = 0; i < fields.length; i += 2) if (fields[i] === "set-cookie") return !withheld.includes("set-cookie");
  return false;
}
