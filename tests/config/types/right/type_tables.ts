/** Tables of types: a wrong row is of type `false`, and `true` does not fit there. `deno check` is the test. @module */

import type { CheckedUrl } from "../../../../src/config/types/endpoint.ts";
import type { CheckedRewrite, LiteralPrefix, ParamNames } from "../../../../src/config/types/patterns.ts";
import type { FactsIn, FactsOf } from "../../../../src/core/facts.ts";
import type { GivesOf, NeedsOf, Policy } from "../../../../src/core/policy.ts";
import type { TypeEqual } from "../type_equal.ts";

/** ParamNames finds the parameters of a path. */
export const PARAM_NAMES: [
  TypeEqual<ParamNames<"/">, never>,
  TypeEqual<ParamNames<"/users">, never>,
  TypeEqual<ParamNames<"/users/:id">, "id">,
  TypeEqual<ParamNames<"/users/{id}/files/*path">, "id" | "path">,
  TypeEqual<ParamNames<"/api/*">, "*">,
  TypeEqual<ParamNames<"/*">, "*">,
  TypeEqual<ParamNames<"/a/*/b/:id">, "id">,
  TypeEqual<ParamNames<"/a/*/b/*">, "*">,
  TypeEqual<ParamNames<"/a:b/c{d}">, never>,
  TypeEqual<ParamNames<string>, string>,
  TypeEqual<ParamNames<`/${string}/x`>, string>,
] = [true, true, true, true, true, true, true, true, true, true, true];

/** CheckedRewrite keeps what fits and shows what would. */
export const CHECKED_REWRITE: [
  TypeEqual<CheckedRewrite<"/v2/:id/*", "/a/:id/*">, "/v2/:id/*">,
  TypeEqual<CheckedRewrite<"/v2/{id}", "/:id">, "/v2/{id}">,
  TypeEqual<CheckedRewrite<"/v2/x", "/a">, "/v2/x">,
  TypeEqual<CheckedRewrite<"/", "/a">, "/" | "/a">,
  TypeEqual<CheckedRewrite<"/v2/:idd", "/a/{id}">, "/v2/:id">,
  TypeEqual<CheckedRewrite<"/:x/a", "/:id/:part">, "/:id/a" | "/:part/a">,
  TypeEqual<CheckedRewrite<"/*", "/*rest">, "/(the path has no wildcard of this name)">,
  TypeEqual<CheckedRewrite<"/*/a", "/*">, "/(a wildcard stands at the end)/a">,
  TypeEqual<CheckedRewrite<"/:id", "/a">, "/(the path has no parameters)">,
  TypeEqual<CheckedRewrite<"v2/:id", "/:id">, "/v2/:id">,
  TypeEqual<CheckedRewrite<"/:any", string>, "/:any">,
  TypeEqual<CheckedRewrite<"", "/a/b/:id">, "/a/b/:id" | "/b/:id" | "/:id">,
  TypeEqual<CheckedRewrite<"", "/a/*/b/*">, "/b/*" | "/*">,
] = [true, true, true, true, true, true, true, true, true, true, true, true, true];

/** LiteralPrefix lists what can be cut. */
export const LITERAL_PREFIX: [
  TypeEqual<LiteralPrefix<"/api/users/:id">, "/api" | "/api/users">,
  TypeEqual<LiteralPrefix<"/api/*">, "/api">,
  TypeEqual<LiteralPrefix<"/api/">, "/api">,
  TypeEqual<LiteralPrefix<"/api">, "/api">,
  TypeEqual<LiteralPrefix<"/:id/a">, "(the path begins with no literal segment)">,
  TypeEqual<LiteralPrefix<"/">, "(the path begins with no literal segment)">,
  TypeEqual<LiteralPrefix<string>, `/${string}`>,
] = [true, true, true, true, true, true, true];

/** CheckedUrl keeps a URL and mends what is none. */
export const CHECKED_URL: [
  TypeEqual<CheckedUrl<"http://a">, "http://a">,
  TypeEqual<CheckedUrl<"https://a:8443">, "https://a:8443">,
  TypeEqual<CheckedUrl<string>, string>,
  TypeEqual<CheckedUrl<`http://${string}:80`>, `http://${string}:80`>,
  TypeEqual<CheckedUrl<"a:80">, "http://a:80">,
  TypeEqual<CheckedUrl<"htp://a">, "http://a" | "https://a">,
  TypeEqual<CheckedUrl<"unix:/run/a.sock">, "unix:/run/a.sock">,
  TypeEqual<CheckedUrl<`unix:/run/${string}.sock`>, `unix:/run/${string}.sock`>,
  TypeEqual<CheckedUrl<"unix:run/a.sock">, "unix:/run/a.sock">,
  TypeEqual<CheckedUrl<"unix://run/a.sock">, "unix:/run/a.sock">,
  TypeEqual<CheckedUrl<"unix:///run/a.sock">, "unix:/run/a.sock">,
] = [true, true, true, true, true, true, true, true, true, true, true];

/** FactsIn finds the facts of a template as parseTemplate() finds its keys. */
export const FACTS_IN: [
  TypeEqual<FactsIn<"{param:id}-{jwt:sub}">, "param:id" | "jwt:sub">,
  TypeEqual<FactsIn<"{ip} {request:id} {header:x} {consumer}">, "consumer">,
  TypeEqual<FactsIn<"{{param:id}">, never>,
  TypeEqual<FactsIn<"{{{param:id}}}">, "param:id">,
  TypeEqual<FactsIn<"{{{{param:id}">, never>,
  TypeEqual<FactsIn<"{param:id">, never>,
  TypeEqual<FactsIn<"}{param:*}">, "param:*">,
  TypeEqual<FactsIn<"plain" | "{basic:user}">, "basic:user">,
  TypeEqual<FactsIn<string>, never>,
  TypeEqual<FactsOf<"ip" | "jwt:sub" | "param:id">, "jwt:sub" | "param:id">,
] = [true, true, true, true, true, true, true, true, true, true];

/** NeedsOf and GivesOf read a policy. */
export const NEEDS_AND_GIVES: [
  TypeEqual<NeedsOf<Policy<"a", "jwt:sub", "consumer">>, "jwt:sub">,
  TypeEqual<GivesOf<Policy<"a", "jwt:sub", "consumer">>, "consumer">,
  TypeEqual<NeedsOf<Policy<"a", never, never>>, never>,
  TypeEqual<NeedsOf<Policy>, string>,
  TypeEqual<GivesOf<"no policy">, never>,
] = [true, true, true, true, true];
