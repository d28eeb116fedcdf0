/** What an answer says to caches (RFC 9111 §5.2.2, RFC 5861, RFC 8246). @module */

import { isToken } from "../../../http/token.ts";
import { listMembers } from "../selection/list_members.ts";
import { parseDeltaSeconds } from "./delta_seconds.ts";
import { type Directive, readDirectives } from "./directive_list.ts";

/** The directives of an answer, as a shared cache has to take them. Durations in milliseconds; `null`: not said. */
export interface ResponseDirectives {
  readonly noStore: boolean;
  /** `no-cache` for the whole answer. */
  readonly noCache: boolean;
  /** `private` for the whole answer. */
  readonly isPrivate: boolean;
  /** Fields, in lower case, that the answer is kept without: those named by `no-cache="…"` and `private="…"`. */
  readonly withheld: readonly string[];
  readonly isPublic: boolean;
  readonly mustUnderstand: boolean;
  /** `must-revalidate` or `proxy-revalidate`. */
  readonly mustRevalidate: boolean;
  /** Whether the answer to a request with `Authorization` may be given to others (RFC 9111 §3.5). */
  readonly allowsAuthorized: boolean;
  /** 0 where it cannot be read, or two of them differ (RFC 9111 §4.2.1). */
  readonly sMaxAge: number | null;
  /** So is this. */
  readonly maxAge: number | null;
  readonly staleWhileRevalidate: number | null;
  readonly staleIfError: number | null;
  readonly immutable: boolean;
}

type Draft = { -readonly [Name in keyof ResponseDirectives]: ResponseDirectives[Name] } & { withheld: string[] };

/** What says nothing. */
export const NO_DIRECTIVES: ResponseDirectives = Object.freeze(blank());

/**
 * Fields that an answer cannot do without: they say how its content is to be read, or keep caches behind this one from
 * mixing answers up. Where one of them is not for others, nothing is.
 */
const INSEPARABLE: ReadonlySet<string> = new Set([
  ...["content-encoding", "content-range", "content-type", "cache-control", "vary"],
]);

/** Reads the combined value of `Cache-Control`; `null`: there is no such field. */
export function responseDirectives(value: string | null): ResponseDirectives {
  return value === null ? NO_DIRECTIVES : directivesOf(readDirectives(value));
}

/**
 * What directives come to. Those that forbid count however badly they are written, those that permit only where they are
 * written well, and a lifetime that cannot be read is none.
 */
export function directivesOf(directives: readonly Directive[]): ResponseDirectives {
  const draft = blank();
  for (const directive of directives) apply(directive, draft);
  return draft;
}

function apply(directive: Directive, draft: Draft): void {
  const bare = directive.sound && directive.argument === null;
  switch (directive.name) {
    case "no-store":
      draft.noStore = true;
      break;
    case "no-cache":
      if (!withhold(directive, draft.withheld)) draft.noCache = true;
      break;
    case "private":
      if (!withhold(directive, draft.withheld)) draft.isPrivate = true;
      break;
    case "must-revalidate":
      draft.mustRevalidate = true;
      if (bare) draft.allowsAuthorized = true;
      break;
    case "proxy-revalidate":
      draft.mustRevalidate = true;
      break;
    case "public":
      if (bare) draft.isPublic = draft.allowsAuthorized = true;
      break;
    case "must-understand":
      if (bare) draft.mustUnderstand = true;
      break;
    case "immutable":
      if (bare) draft.immutable = true;
      break;
    case "s-maxage":
      if (duration(directive) !== null) draft.allowsAuthorized = true;
      draft.sMaxAge = lifetime(directive, draft.sMaxAge);
      break;
    case "max-age":
      draft.maxAge = lifetime(directive, draft.maxAge);
      break;
    case "stale-while-revalidate":
      draft.staleWhileRevalidate = shorter(duration(directive), draft.staleWhileRevalidate);
      break;
    case "stale-if-error":
      draft.staleIfError = shorter(duration(directive), draft.staleIfError);
      break;
  }
}

/**
 * Notes the fields that a directive names. Names have quotes (RFC 9111 §5.2.2.4): whoever writes `private=true` means
 * everything, and a cache may always take such a directive for one about everything.
 *
 * @returns whether it is about fields only
 */
function withhold({ argument, quoted, sound }: Directive, withheld: string[]): boolean {
  if (!sound || !quoted || argument === null) return false;
  const names = listMembers(argument.toLowerCase()).filter((name) => name !== "");
  if (names.length === 0 || !names.every((name) => isToken(name) && !INSEPARABLE.has(name))) return false;
  withheld.push(...names);
  return true;
}

function duration({ argument, sound }: Directive): number | null {
  return sound && argument !== null ? parseDeltaSeconds(argument) : null;
}

function lifetime(directive: Directive, earlier: number | null): number {
  const ms = duration(directive) ?? 0;
  return earlier === null || earlier === ms ? ms : 0;
}

function shorter(ms: number | null, earlier: number | null): number | null {
  return ms === null || earlier === null ? ms ?? earlier : Math.min(ms, earlier);
}

function blank(): Draft {
  return {
    noStore: false,
    noCache: false,
    isPrivate: false,
    withheld: [],
    isPublic: false,
    mustUnderstand: false,
    mustRevalidate: false,
    allowsAuthorized: false,
    sMaxAge: null,
    maxAge: null,
    staleWhileRevalidate: null,
    staleIfError: null,
    immutable: false,
  };
}
