/**
 * What passwords, certificates and what is made of them cost: `deno bench bench/who_may_pass_bench.ts`. Each run is a
 * thousand requests, so microseconds read as nanoseconds. A request's credential is a text of its own, as an engine cuts
 * it out of a head; passwords were good before.
 *
 * @module
 */

import type { BuildEnv } from "../src/core/build_env.ts";
import type { ClientCertificate } from "../src/core/client_certificate.ts";
import { systemClock } from "../src/core/clock.ts";
import { NO_CONSUMERS } from "../src/core/consumers.ts";
import { Exchange } from "../src/core/exchange.ts";
import type { Handler } from "../src/core/handler.ts";
import { HeaderList } from "../src/core/header_list.ts";
import { definitionOf, type Policy, recordPolicy } from "../src/core/policy.ts";
import { Reply } from "../src/core/reply.ts";
import { allOf } from "../src/policies/auth/all_of.ts";
import { allow } from "../src/policies/auth/allow.ts";
import { anyOf } from "../src/policies/auth/any_of.ts";
import { basicAuth } from "../src/policies/auth/basic_auth.ts";
import { mtls } from "../src/policies/auth/mtls.ts";
import { optional } from "../src/policies/auth/optional.ts";

const RUN = 1000;
/** SHA-256 of `secret`. */
const HASH = "sha256:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

const reply = new Reply(200, HeaderList.of(), null), target: Handler = () => reply;
const env = {
  clock: systemClock,
  consumers: NO_CONSUMERS,
  state: (_id: string, _shape: unknown, create: () => object) => create(),
} as unknown as BuildEnv;

/** The policy with its options checked, and those of the policies that it holds. */
function checked(policy: Policy): Policy {
  const definition = definitionOf(policy)!, { holds } = definition, options = policy.options as Record<string, unknown>;
  const inside = (held: unknown): unknown => Array.isArray(held) ? held.map(inside) : checked(held as Policy);
  const whole = holds === undefined ? options : { ...options, [holds]: inside(options[holds]) };
  return recordPolicy(definition, definition.schema.parse(whole));
}

function chain(...policies: Policy[]): Handler {
  return policies.map(checked).reduceRight<Handler>(
    (next, { kind, options }, i) => definitionOf(policies[i])!.build(options, env, kind)(next),
    target,
  );
}

const certificate: ClientCertificate = {
  subject: "CN=client.test",
  issuer: "CN=CA",
  altNames: "URI:spiffe://example/ns/billing",
  serialNumber: "0A",
  fingerprint: "AB",
  validTo: Date.UTC(2120, 0, 1),
};
const users = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`user-${i}`, HASH]));
const credentials = Object.keys(users).map((user) => `Basic ${btoa(`${user}:secret`)}`);

function request(i: number): Exchange {
  const exchange = new Exchange({
    method: "GET",
    path: "/",
    query: "",
    authority: "a.test",
    host: "a.test",
    scheme: "http",
    client: { ip: "192.0.2.7", peer: "192.0.2.7", trusted: false, certificate },
    headers: HeaderList.of("host", "a.test", "accept", "*/*", "authorization", ` ${credentials[i % 100]}`.slice(1)),
    body: null,
    requestId: "bench",
    startedAt: 1,
  });
  exchange.identity = { method: "jwt", subject: "a", groups: ["staff"], claims: { tier: "pro" } };
  return exchange;
}

/** Keeps the compiler from leaving the work out. */
export let sink: unknown;

function each(name: string, handler: Handler, baseline = false): void {
  Deno.bench({
    name,
    baseline,
    group: "who may pass",
    fn() {
      for (let i = 0; i < RUN; i++) sink = handler(request(i));
    },
  });
}

const basic = basicAuth({ users });
each("no policy", target, true);
each("basicAuth", chain(basic));
each("basicAuth, kept", chain(basicAuth({ users, keep: true })));
each("mtls", chain(mtls()));
each("mtls with a header", chain(mtls({ headers: { "x-client": "identity" } })));
each("anyOf, the first", chain(anyOf([mtls(), basic])));
each("anyOf, the second", chain(anyOf([mtls({ subjects: "CN=other" }), basic])));
each("allOf", chain(allOf([mtls(), basic])));
each("optional", chain(optional(mtls())));
each("allow by a group", chain(allow({ groups: ["admin", "staff"] })));
each("allow by a claim", chain(allow({ claims: { tier: ["team", "pro"] } })));
each("allow by an expression", chain(allow("jwt:tier in ['team', 'pro'] and 'staff' in groups")));
each("allow by a function", chain(allow((ctx) => ctx.identity?.subject === "a")));
