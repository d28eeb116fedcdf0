/** The target that sends the client elsewhere. @module */

import type { Handler } from "../../core/handler.ts";
import type { Exchange } from "../../core/exchange.ts";
import { HeaderList } from "../../core/header_list.ts";
import { Reply } from "../../core/reply.ts";
import { templateOf } from "../../core/template.ts";
import { redirectError } from "./redirect_error.ts";

/** Where to, and how. */
export interface RedirectPlan {
  /** A template for which `redirectError` finds nothing wrong. */
  readonly to: string;
  readonly status: 301 | 302 | 303 | 307 | 308;
  /** Whether the request's query is appended. */
  readonly keepQuery: boolean;
}

type Insert = (exchange: Exchange) => string;

/** What cannot stand in a path as it is, and `\`, which browsers read as a slash. */
const NOT_IN_PATH = /[^\x21-\x7e]|["#<>?[\\\]^`{|}]/gu;
/** What cannot stand in a query as it is (URL Standard, query percent-encode set): the rest goes as it was sent. */
const NOT_IN_QUERY = /[^\x21-\x7e]|["#<>]/gu;

/**
 * Prepares a redirect. What is inserted can neither leave the part of the URL it stands in nor end the field:
 *
 * - in the path, a parameter is inserted as it was sent, raw, so that an escape stays the escape that it was and a
 *   wildcard keeps its slashes; any other key's value is percent-encoded whole, slashes too;
 * - in the query and the fragment, every value is percent-encoded whole, `&`, `=` and `+` too;
 * - no key can stand in scheme or host (`redirectError`), and a path that would begin with two slashes, which browsers
 *   read as another host, gets one.
 *
 * @param params names of the route's captures, in the pattern's order
 * @throws TypeError for a `to` that `redirectError` refuses
 */
export function redirectHandler({ to, status, keepQuery }: RedirectPlan, params: readonly string[]): Handler {
  const wrong = redirectError(to);
  if (wrong !== null) throw new TypeError(`redirect "${to}": ${wrong.message}`);
  const { literals, keys, readers } = templateOf(to);
  const inserts: Insert[] = [];
  let before = literals[0];
  for (let i = 0; i < keys.length; i++) {
    const capture = keys[i].startsWith("param:") ? params.indexOf(keys[i].slice("param:".length)) : -1;
    const inPath = !/[?#]/.test(before), reader = readers[i];
    inserts.push(
      inPath && capture >= 0
        ? (exchange) => encode(exchange.captures[capture] ?? "", NOT_IN_PATH)
        : (exchange) => encodeURIComponent((reader(exchange) ?? "").toWellFormed()),
    );
    before += literals[i + 1];
  }
  const ownPath = to.startsWith("/"), fixed = inserts.length === 0 && !keepQuery;
  const locate = (exchange: Exchange): string => {
    let location = literals[0];
    for (let i = 0; i < inserts.length; i++) location += inserts[i](exchange) + literals[i + 1];
    if (ownPath) location = location.replace(/^\/{2,}/, "/");
    return keepQuery && exchange.query.length > 1
      ? withQuery(location, encode(exchange.query, NOT_IN_QUERY))
      : location;
  };
  return (exchange) => new Reply(status, HeaderList.of("location", fixed ? literals[0] : locate(exchange)), null);
}

/** Puts a query, with its `?`, behind the one that is there and before the fragment. */
function withQuery(location: string, query: string): string {
  const hash = location.indexOf("#");
  const target = hash < 0 ? location : location.slice(0, hash), fragment = hash < 0 ? "" : location.slice(hash);
  if (!target.includes("?")) return target + query + fragment;
  return target + (/[?&]$/.test(target) ? "" : "&") + query.slice(1) + fragment;
}

/** Raw text has one character a byte; where an engine gave more than that, it is UTF-8. */
function encode(raw: string, unsafe: RegExp): string {
  return raw.replace(unsafe, (char) => {
    const code = char.charCodeAt(0);
    if (code > 0xff) return encodeURIComponent(char.toWellFormed());
    return "%" + code.toString(16).toUpperCase().padStart(2, "0");
  });
}
