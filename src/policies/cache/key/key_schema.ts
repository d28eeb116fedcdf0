/** What `cache` accepts to tell answers apart. @module */

import { z } from "zod";
import { isInBody } from "../../../core/key.ts";
import { KNOWN_METHODS, REFUSED_METHODS } from "../../../http/known_methods.ts";
import { isToken } from "../../../http/token.ts";
import { flag } from "../../../settings/flag.ts";
import { functionOption } from "../../../settings/function_option.ts";
import { anyKeyWhere } from "../../../settings/key_text.ts";
import { Refusal } from "../../../settings/scalar.ts";
import { listOf, oneOfShapes, report, settings } from "../../../settings/shapes.ts";
import { plainText, text } from "../../../settings/text.ts";
import type { KeyFunction, KeyOption } from "../../keys/key_spec.ts";
import type { CacheKeyPlan } from "../cache_plan.ts";

/** Of the known methods, those that change nothing, or, as POST, need not. */
const REPEATABLE = ["POST", "OPTIONS", "QUERY", "PROPFIND", "REPORT", "SEARCH", "M-SEARCH"];
/** What was answered from a cache would not have happened. */
const WRITING = [...KNOWN_METHODS, ...REFUSED_METHODS].filter((name) => !REPEATABLE.includes(name));

const fieldName = text<string>({
  expected: 'the name of a header, such as "x-tenant"',
  read(name) {
    if (!isToken(name)) return new Refusal("this is no name of a header", '"x-tenant"');
    const field = name.toLowerCase();
    return field === "host" ? new Refusal("the host is part of the URL", "host: true") : field;
  },
});

const cookieName = text<string>({
  expected: 'the name of a cookie, such as "theme"',
  read: (name) => isToken(name) ? name : new Refusal("this is no name of a cookie", '"theme"'),
});

const method = text<string>({
  expected: 'a method such as "PROPFIND"',
  read(name) {
    if (!isToken(name)) return new Refusal("this is no method", '"PROPFIND"');
    const meant = name.toUpperCase();
    if (meant === "GET" || meant === "HEAD") return new Refusal("GET and HEAD count anyway, and have one answer");
    if (WRITING.includes(meant)) return new Refusal(`a ${meant} that a cache answers does not reach the upstream`);
    return name === meant ? name : new Refusal("methods are in capitals", `"${meant}"`);
  },
});

const parameter = plainText('the name of a parameter, such as "page"');

const query = settings('settings such as { deny: ["utm_*"] }', {
  allow: listOf("a list of parameters", parameter).optional()
    .describe("Only these count; a * at the end stands for any. Default: every parameter."),
  deny: listOf("a list of parameters", parameter).prefault([]).describe("These do not count."),
  sort: flag().prefault(false).describe("Whether the order of parameters makes no difference."),
}).transform(({ allow = null, deny, sort }, context) => {
  if (allow !== null && deny.length > 0 && !allow.some((name) => name.endsWith("*"))) {
    const message = "only those of allow count anyway", remedy = "allow or deny";
    report(context, { allow, deny }, [{ path: ["deny"], message, remedy, onKey: true }]);
  }
  return { allow, deny, sort };
});

/** Schema of `key`. */
export const keyParts: z.ZodType<CacheKeyPlan, unknown> = settings("settings such as { query: { sort: true } }", {
  methods: listOf("a list of methods", method).prefault([])
    .describe("Other methods than GET and HEAD that are answered from the cache."),
  host: flag().prefault(true).describe("Whether host and port count."),
  path: flag().prefault(true).describe("Whether the path counts."),
  query: oneOfShapes('settings such as { deny: ["utm_*"] }, or false', [
    query,
    z.literal(false).transform(() => ({ allow: [], deny: [], sort: false })),
  ]).optional().describe("Which part of the query counts; false: none. Default: all of it, as it is sent."),
  headers: listOf("a list of headers", fieldName).prefault([]).describe("Request fields that count."),
  cookies: listOf("a list of cookies", cookieName).prefault([]).describe("Cookies that count."),
}).transform(({ query = null, ...rest }) => ({ ...rest, query }));

/** Schema of one of `vary`. */
export const varyKey: z.ZodType<KeyOption, unknown> = oneOfShapes('a key such as "identity", or a function', [
  anyKeyWhere(unsharable).transform((key): KeyOption => [key]),
  functionOption<KeyFunction>(),
]);

function unsharable(key: string): Refusal | null {
  if (key === "request:id") return new Refusal("each request has an id of its own: there would be no hit", '"route"');
  if (key === "global") return new Refusal("this is the same for every request: it tells nothing apart", '"route"');
  if (!isInBody(key)) return null;
  const message = `${key} is in the request's body: requests with content go past the cache`;
  return new Refusal(message, '"header:…" or "query:…"');
}
