/** Consumers: their credentials and policies, and what reads them. @module */

import { gateway, route, ROUTES, unknownKey, wrong, type WrongConfig } from "./wrong_config.ts";

const IMPORTS = `import { apiKey } from "${import.meta.resolve("../../../../src/policies/auth/api_key.ts")}"; ` +
  "void [apiKey]; ";

const consumers = (acme: string, rest = "") =>
  IMPORTS + gateway(`consumers: { acme: ${acme} }, ${rest}policies: [apiKey()], ${ROUTES}`);
const KEY = `keys: ["sha256:${"a".repeat(64)}"]`;
const PER_CONSUMER = 'rateLimit({ limit: 1, per: "1s", key: "consumer" })';
const HASH = "`sha256:${string}`";
const FACTS = 'ConfigFacts<"users" | "files", never>';

/** Consumers: their credentials and policies, and what reads them. */
export const CONSUMER: readonly WrongConfig[] = [
  {
    name: "a limit by consumer before what finds it out",
    config: IMPORTS +
      route(`path: "/a", upstream: "users", policies: [${PER_CONSUMER}, apiKey({ ${KEY} }), ${PER_CONSUMER}]`),
    errors: [[
      wrong(
        'Policy<"rateLimit", "consumer", never>',
        '"rateLimit reads consumer, but no policy before it provides that"',
      ),
      `${PER_CONSUMER}, apiKey`,
    ]],
  },
  {
    name: "a consumer's policy that reads the path",
    config: consumers(`{ ${KEY}, policies: [${PER_CONSUMER}, headers({ request: { set: { a: "{param:id}" } } })] }`),
    errors: [[
      wrong(
        'Policy<"headers", "param:id", never>',
        '"headers reads param:id, but the policies of consumers run on every path; move it to a route"',
      ),
      "headers({ request",
    ]],
  },
  {
    name: "a consumer's policy whose store is not there",
    config: consumers(`{ ${KEY}, policies: [rateLimit({ limit: 1, per: "1s", store: "limts" })] }`),
    errors: [[
      wrong(
        'Policy<"rateLimit", "store:limts", never>',
        '"rateLimit uses store \\"limts\\", but stores has none of this name"',
      ),
      "rateLimit({",
    ]],
  },
  {
    name: "a key in place of its hash",
    config: consumers('{ keys: ["gw_key"] }'),
    errors: [[wrong('"gw_key"', HASH), '"gw_key"']],
  },
  {
    name: "an unknown setting of a consumer",
    config: consumers(`{ ${KEY}, grups: [] }`),
    errors: [[unknownKey("grups", `ConsumerConfig<unknown, ${FACTS}>`, "groups"), "grups:"]],
  },
  {
    name: "an unknown option of apiKey",
    config: IMPORTS + route(`path: "/a", upstream: "users", policies: [apiKey({ ${KEY}, from: "header:x" })]`),
    errors: [[unknownKey("from", "ApiKeyOptions"), "from:"]],
  },
];
