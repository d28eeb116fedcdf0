/** What tells apart the answers for one URL, beside the upstream's `Vary`. @module */

import type { Exchange } from "../../../core/exchange.ts";
import type { KeyReader } from "../../../core/key.ts";
import type { Log } from "../../../core/log.ts";
import { keyTextReader } from "../../keys/key_spec.ts";
import type { CachePlan } from "../cache_plan.ts";
import { cookieText } from "./cookie_text.ts";
import { credentialsTold, identityReader, isToldApart } from "./identity_keys.ts";
import { namedParts } from "./named_parts.ts";
import { type OriginReader, originReader } from "./origin.ts";
import { queryText } from "./query_text.ts";
import { urlTold } from "./url_told.ts";

/**
 * The text of a request; `null` where the cache is not to be asked.
 *
 * @param method reads it as if for a request with this method, and without content
 */
export type VariantText = (exchange: Exchange, method?: string) => string | null;

interface Part {
  readonly read: (exchange: Exchange, method: string) => string | undefined;
  /** The credentials by which it tells apart, where it has a value. */
  readonly credentials: number;
}

const COOKIE = "cookie:", QUERY = "query:", ABSENT = "-";

/**
 * Prepares the reading. The cache is not asked about requests with content, which is in no key, nor, where answers are
 * kept by who is asking, about those with a credential of which that is not known.
 *
 * @param byRoute whether the cache serves several routes, which may have one URL and differ in other conditions
 * @param originOf the one that the URL's text is read with
 */
export function variantText(
  plan: CachePlan,
  log: Log,
  byRoute: boolean,
  originOf: OriginReader = originReader(),
): VariantText {
  const parts = partsOf(plan, log), personal = !plan.shared && parts.some(({ credentials }) => credentials !== 0);
  const start = byRoute ? routeText() : () => "", told = urlTold(plan.key.host, originOf);
  return (exchange, method) => {
    if (exchange.body !== null && method === undefined) return null;
    let text = start(exchange), credentials = 0;
    for (let i = 0; i < parts.length; i++) {
      const value = parts[i].read(exchange, method ?? exchange.method);
      text += value === undefined ? ABSENT : `${value.length}:${value}`;
      if (value !== undefined && value !== "") credentials |= parts[i].credentials;
    }
    return personal && !isToldApart(exchange, credentials) ? null : text + told(exchange);
  };
}

function partsOf({ key, vary }: CachePlan, log: Log): Part[] {
  return [
    ...key.methods.length === 0 ? [] : [{ read: methodText, credentials: 0 }],
    ...namedParts(key).map(namedPart),
    ...vary.flatMap((option) =>
      typeof option === "function" ? [{ read: keyTextReader(option, log), credentials: 0 }] : option.map(namedPart)
    ),
  ];
}

function namedPart(key: string): Part {
  const read = readerOf(key);
  if (read === undefined) throw new TypeError(`"${key}" is not a key`);
  return { read, credentials: credentialsTold(key) };
}

/** Every value of a cookie or a parameter, as servers do not agree on which of two counts. */
function readerOf(key: string): KeyReader | undefined {
  if (key.startsWith(COOKIE)) return cookieText(key.slice(COOKIE.length));
  if (!key.startsWith(QUERY)) return identityReader(key);
  const textOf = queryText({ allow: [key.slice(QUERY.length)], deny: [], sort: false });
  return ({ query }) => textOf(query) || undefined;
}

/** Remembers the last: most requests in a row are for one route. */
function routeText(): (exchange: Exchange) => string {
  let last = "", text = "0:";
  return ({ route }) => {
    if (route === last) return text;
    last = route;
    return text = `${route.length}:${route}`;
  };
}

/** An answer to GET is one to HEAD. */
function methodText(_exchange: Exchange, method: string): string | undefined {
  return method === "GET" || method === "HEAD" ? undefined : method;
}
