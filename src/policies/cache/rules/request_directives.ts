/** What a request asks of caches (RFC 9111 §5.2.1, RFC 5861 §4). @module */

import { parseDeltaSeconds } from "./delta_seconds.ts";
import { type Directive, readDirectives } from "./directive_list.ts";

/** The directives of a request. Durations in milliseconds; `undefined`: not said. */
export interface RequestDirectives {
  /** The answer is to be shown to be good. */
  readonly noCache: boolean;
  /** The answer is not to be kept. */
  readonly noStore: boolean;
  /** It may not be older. */
  readonly maxAge: number | undefined;
  /** It shall be fresh for that long still. */
  readonly minFresh: number | undefined;
  /** It may be past its lifetime by that much; `Infinity`: by any time. */
  readonly maxStale: number | undefined;
  /** It may come from the cache only. */
  readonly onlyIfCached: boolean;
  /** It may be past its lifetime by that much where the upstream fails. */
  readonly staleIfError: number | undefined;
}

type Draft = { -readonly [Name in keyof RequestDirectives]: RequestDirectives[Name] };

const NOTHING: RequestDirectives = Object.freeze(blank());
const NO_CACHE: RequestDirectives = Object.freeze({ ...blank(), noCache: true });
const RELOAD: RequestDirectives = Object.freeze({ ...blank(), maxAge: 0 });

/**
 * Reads the combined values of `Cache-Control` and `Pragma`. Of the second `no-cache` counts, where there is none of the
 * first (RFC 7234 §5.4). What is badly written asks for no more than a newer answer.
 */
export function requestDirectives(cacheControl: string | null, pragma: string | null): RequestDirectives {
  if (cacheControl === null) {
    return pragma !== null && readDirectives(pragma).some(({ name }) => name === "no-cache") ? NO_CACHE : NOTHING;
  }
  // What browsers send.
  if (cacheControl === "no-cache") return NO_CACHE;
  if (cacheControl === "max-age=0") return RELOAD;
  const draft = blank();
  for (const directive of readDirectives(cacheControl)) apply(directive, draft);
  return draft;
}

function apply(directive: Directive, draft: Draft): void {
  const { name, argument, sound } = directive, ms = sound && argument !== null ? parseDeltaSeconds(argument) : null;
  switch (name) {
    case "no-cache":
      draft.noCache = true;
      break;
    case "no-store":
      draft.noStore = true;
      break;
    case "max-age":
      draft.maxAge = Math.min(ms ?? 0, draft.maxAge ?? Infinity);
      break;
    case "min-fresh":
      if (ms !== null) draft.minFresh = Math.max(ms, draft.minFresh ?? 0);
      break;
    case "max-stale":
      if (ms !== null) draft.maxStale = Math.min(ms, draft.maxStale ?? Infinity);
      else if (sound && argument === null) draft.maxStale ??= Infinity;
      break;
    case "only-if-cached":
      if (sound && argument === null) draft.onlyIfCached = true;
      break;
    case "stale-if-error":
      if (ms !== null) draft.staleIfError = Math.min(ms, draft.staleIfError ?? Infinity);
      break;
  }
}

function blank(): Draft {
  return {
    noCache: false,
    noStore: false,
    maxAge: undefined,
    minFresh: undefined,
    maxStale: undefined,
    onlyIfCached: false,
    staleIfError: undefined,
  };
}
