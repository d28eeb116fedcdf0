/** Chains in which somebody is asked for who is not known, and policies that are made of the wrong ones. @module */

import { route, wrong, type WrongConfig } from "./wrong_config.ts";

const IMPORTS = 'import { allOf, allow, anyOf, basicAuth, jwt, mtls, optional } from "gatewright"; ' +
  "void [allOf, allow, anyOf, basicAuth, jwt, mtls, optional];";
const TOKEN = 'jwt({ secret: { env: "A" } as never, algorithms: ["HS256"], audience: "any" })';

/** A route whose chain this is. */
function chain(policies: string): string {
  return `${IMPORTS} ${route(`path: "/users/:id", upstream: "users", policies: [${policies}]`)}`;
}

/** The message for a policy that reads what nothing before it provides. */
function missing(policy: string, needs: string, reader: string, fact: string): string {
  const why = fact.startsWith("jwt:") ? "no jwt() that provides it comes before" : "no policy before it provides that";
  return wrong(`Policy<"${policy}", ${needs}, never>`, `"${reader} reads ${fact}, but ${why}"`);
}

/** Chains in which somebody is asked for who is not known, and policies that are made of the wrong ones. */
export const IDENTITY: readonly WrongConfig[] = [
  {
    name: "allow() before anybody is known",
    config: chain('allow({ groups: "a" }), basicAuth()'),
    errors: [[missing("allow", '"identity"', "allow", "identity"), "allow({"]],
  },
  {
    name: "allow() behind an optional policy",
    config: chain('optional(basicAuth()), allow({ groups: "a" })'),
    errors: [[missing("allow", '"identity"', "allow", "identity"), "allow({"]],
  },
  {
    name: "allow() behind one of several that is optional",
    config: chain("anyOf([basicAuth(), optional(mtls())]), allow(\"'a' in groups\")"),
    errors: [[missing("allow", '"identity"', "allow", "identity"), "allow("]],
  },
  {
    name: "allow() by a claim of nobody's",
    config: chain('basicAuth(), allow({ claims: { tier: "pro" } })'),
    errors: [[missing("allow", '"identity" | "jwt:tier"', "allow", "jwt:tier"), "allow({"]],
  },
  {
    name: "allow() by what is inside of a claim of nobody's",
    config: chain('basicAuth(), allow({ claims: { "/org/id": ["a"] } })'),
    errors: [[missing("allow", '"identity" | "jwt:org"', "allow", "jwt:org"), "allow({"]],
  },
  {
    name: "a user, where one of several policies knows none",
    config: chain('anyOf([basicAuth(), mtls()]), rateLimit({ limit: 1, per: "1s", key: "basic:user" })'),
    errors: [[missing("rateLimit", '"basic:user"', "rateLimit", "basic:user"), "rateLimit({"]],
  },
  {
    name: "a claim, where one of several policies knows none",
    config: chain(`anyOf([${TOKEN}, basicAuth()]), rateLimit({ limit: 1, per: "1s", key: "jwt:sub" })`),
    errors: [[missing("rateLimit", '"jwt:sub"', "rateLimit", "jwt:sub"), "rateLimit({"]],
  },
  {
    name: "anyOf() of what does not find out who is asking",
    config: chain('anyOf([basicAuth(), rateLimit({ limit: 1, per: "1s" })])'),
    errors: [[
      wrong('Policy<"rateLimit", never, never>', '"anyOf takes identity policies; rateLimit is none"'),
      "rateLimit({",
    ]],
  },
  {
    name: "allOf() of what does not find out who is asking",
    config: chain("allOf([headers({}), basicAuth()])"),
    errors: [[
      wrong('Policy<"headers", never, never>', '"allOf takes identity policies; headers is none"'),
      "headers({",
    ]],
  },
  {
    name: "optional() of what does not find out who is asking",
    config: chain("optional(headers({}))"),
    errors: [[
      "Argument of type 'Policy<\"headers\", never, never>' is not assignable to parameter of type " +
      "'\"optional takes identity policies; headers is none\"'.",
      "headers({",
    ]],
  },
  {
    name: "policies side by side where a list is meant",
    config: chain("anyOf(basicAuth(), mtls())"),
    errors: [["Expected 1 arguments, but got 2.", "mtls()"]],
    seenBy: "compiler",
  },
];
