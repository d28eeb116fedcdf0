/** Identity policies made of others, and who may pass behind them. */

import {
  allOf,
  allow,
  anyOf,
  basicAuth,
  defineGateway,
  mtls,
  optional,
  type Policy,
  rateLimit,
  secret,
} from "gatewright";

const users = basicAuth({ users: { alice: secret.env("ALICE_HASH") } });
const byUser = rateLimit({ limit: 1, per: "1s", key: "basic:user" });
const known: Policy[] = [users];

export default defineGateway({
  listen: {
    port: 8443,
    tls: { cert: "./c.pem", key: "./k.pem", clientCertificates: { ca: "./ca.pem", required: false } },
  },
  routes: [
    {
      path: "/a",
      respond: {},
      policies: [users, byUser, allow({ groups: ["a"], consumers: "b" }), allow("'a' in groups")],
    },
    { path: "/b", respond: {}, policies: [anyOf([users, users]), byUser, allow((ctx) => ctx.identity !== undefined)] },
    {
      path: "/c",
      respond: {},
      policies: [allOf([mtls(), users]), byUser, allow({ when: ({ groups }) => groups?.[0] === "a" })],
    },
    { path: "/d", respond: {}, policies: [anyOf([allOf([mtls(), users]), users]), byUser] },
    {
      path: "/e",
      respond: {},
      policies: [optional(users), rateLimit({ limit: 1, per: "1s", key: ["basic:user", "ip"] })],
    },
    { path: "/f", respond: {}, policies: [allOf([optional(mtls()), users]), allow({ scopes: ["a"] })] },
    { path: "/g", respond: {}, policies: [anyOf(known), allow({ groups: "a" })] },
    { path: "/h", respond: {}, policies: [optional(anyOf([mtls(), users]))] },
  ],
});
