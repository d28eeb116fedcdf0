import { strict as assert } from "node:assert";
import { allow, cache, definePolicy, ipFilter, optional } from "gatewright";
import { validateConfig } from "../../../src/config/validate.ts";
import { scripted } from "../../policies/auth/scripted_identity.ts";
import { traitPolicy } from "../../support/trait_policy.ts";

const ident = traitPolicy("ident", { identity: "required" });
const maybe = traitPolicy("maybe", { identity: "optional" });
const plain = traitPolicy("plain", {});
const door = traitPolicy("door", { everyRequest: true });
const kept = traitPolicy("kept", { reuses: "unsaid" });
const keyed = traitPolicy("keyed", { reuses: "keyed" });
const shared = traitPolicy("shared", { reuses: "shared" });

const route = (policies: readonly unknown[], path = "/a") => ({ path, respond: {}, policies });
const consumer = (...policies: readonly unknown[]) => ({ acme: { subjects: ["a"], policies } });

const UNSAID = (kind: string, guard: string) =>
  `${kind} stands behind ${guard}, and does not say whether the answer is the same for everybody`;
const UNASKED = (kind: string, guard: string, at: string) =>
  `${kind} stands before ${guard} (${at}), so that what it has kept is served to everybody, whoever it was for`;
const PAST = (kind: string, guard: string, at: string) =>
  `${kind} stands before ${guard} (${at}), so that what it has kept gets past ${guard}`;

const ROWS: readonly (readonly [what: string, config: object, expected: readonly string[]])[] = [
  ["where nobody asks", { routes: [route([plain, kept])] }, []],
  ["behind an identity policy, keyed", { routes: [route([ident, keyed])] }, []],
  ["behind an identity policy, shared", { routes: [route([ident, shared])] }, []],
  ["behind an identity policy, unsaid", { routes: [route([ident, plain, kept])] }, [
    `routes[0].policies[2]: ${UNSAID("kept", "ident")}`,
  ]],
  ["behind one that lets pass who shows nothing", { routes: [route([maybe, kept])] }, [
    `routes[0].policies[1]: ${UNSAID("kept", "maybe")}`,
  ]],
  ["behind a global one", { policies: [ident], routes: [route([kept]), route([keyed], "/b")] }, [
    `routes[0].policies[0]: ${UNSAID("kept", "ident")}`,
  ]],
  ["among the global ones, behind one", { policies: [ident, kept], routes: [route([]), route([plain], "/b")] }, [
    `policies[1]: ${UNSAID("kept", "ident")}`,
  ]],
  ["among the global ones, where there are no routes", { policies: [ident, kept] }, [
    `policies[1]: ${UNSAID("kept", "ident")}`,
  ]],
  ["on another route than the identity policy", { routes: [route([ident]), route([kept], "/b")] }, []],
  ["before an identity policy", { routes: [route([kept, plain, ident])] }, [
    `routes[0].policies[0]: ${UNASKED("kept", "ident", "routes[0].policies[2]")}`,
  ]],
  ["before one, keyed", { routes: [route([keyed, maybe])] }, [
    `routes[0].policies[0]: ${UNASKED("keyed", "maybe", "routes[0].policies[1]")}`,
  ]],
  ["before one, shared", { routes: [route([shared, ident])] }, [
    `routes[0].policies[0]: ${UNASKED("shared", "ident", "routes[0].policies[1]")}`,
  ]],
  ["among the global ones, before those of routes", {
    policies: [shared],
    routes: [route([plain]), route([ident], "/b"), route([plain, ident], "/c"), route([maybe], "/d")],
  }, [
    `policies[0]: ${UNASKED("shared", "ident", "routes[1].policies[0]")}`,
    `policies[0]: ${UNASKED("shared", "maybe", "routes[3].policies[0]")}`,
  ]],
  ["between two identity policies", { routes: [route([ident, keyed, maybe])] }, [
    `routes[0].policies[1]: ${UNASKED("keyed", "maybe", "routes[0].policies[2]")}`,
  ]],
  ["before what every request must come by", { routes: [route([kept, door])] }, [
    `routes[0].policies[0]: ${PAST("kept", "door", "routes[0].policies[1]")}`,
  ]],
  ["behind what every request must come by", { routes: [route([ident, door, shared])] }, []],
  ["of a consumer, unsaid", { consumers: consumer(kept), routes: [route([plain, ident])] }, [
    `consumers.acme.policies[0]: ${UNSAID("kept", "ident")}`,
  ]],
  ["of a consumer, keyed", { consumers: consumer(keyed), routes: [route([plain, ident, plain])] }, []],
  ["of a consumer, before another identity policy", {
    consumers: consumer(keyed),
    policies: [ident],
    routes: [route([plain, maybe])],
  }, [`consumers.acme.policies[0]: ${UNASKED("keyed", "maybe", "routes[0].policies[1]")}`]],
  ["of a consumer, before what every request must come by", {
    consumers: consumer(shared),
    policies: [ident],
    routes: [route([]), route([door], "/b"), route([plain, door], "/c")],
  }, [`consumers.acme.policies[0]: ${PAST("shared", "door", "routes[1].policies[0]")}`]],
  ["of a consumer, where nobody asks", { consumers: consumer(kept), routes: [route([door])] }, []],
];
for (const [what, config, expected] of ROWS) {
  Deno.test(`what was answered once, ${what}`, () => {
    const { issues } = validateConfig(config);
    const errors = issues.filter(({ severity }) => severity === "error");
    const known = errors.filter(({ path }) => path !== "routes" && path !== "");
    assert.deepEqual(known.map(({ path, message }) => `${path}: ${message}`), expected);
  });
}

const TWICE = (id: string, at: string) =>
  `a request comes by cache "${id}" twice, as ${at} is it too, and would wait for itself`;

const IDS: readonly (readonly [what: string, config: object, expected: readonly string[]])[] = [
  ["on one route", { routes: [route([cache({ id: "a" }), plain, cache({ id: "a" })])] }, [
    `routes[0].policies[2]: ${TWICE("a", "routes[0].policies[0]")}`,
  ]],
  ["everywhere and on routes", {
    policies: [cache({ id: "a" })],
    routes: [route([cache({ id: "a" })]), route([cache({ id: "b" })], "/b")],
  }, [`routes[0].policies[0]: ${TWICE("a", "policies[0]")}`]],
  ["everywhere and for a consumer", {
    consumers: consumer(cache({ id: "a", shared: true })),
    policies: [ident, cache({ id: "a", shared: true })],
    routes: [route([])],
  }, [`policies[1]: ${TWICE("a", "consumers.acme.policies[0]")}`]],
  ["on two routes", { routes: [route([cache({ id: "a" })]), route([cache({ id: "a" })], "/b")] }, []],
  ["without an id", { policies: [cache()], routes: [route([cache(), cache()])] }, []],
];
for (const [what, config, expected] of IDS) {
  Deno.test(`one cache twice, ${what}`, () => {
    const { issues } = validateConfig(config);
    const twice = issues.filter(({ severity, message }) => severity === "error" && message.includes("twice"));
    assert.deepEqual(twice.map(({ path, message }) => `${path}: ${message}`), expected);
  });
}

const own = definePolicy({ name: "own", guard: true, handle: (_ctx, next) => next() });
const asks = definePolicy({ name: "asks", gives: ["consumer", "identity"], handle: (_ctx, next) => next() });
const watches = definePolicy({ name: "watches", handle: (_ctx, next) => next() });
const local = ipFilter({ allow: ["10.0.0.0/8"] });
const some = optional(scripted("some"));

const REAL: readonly (readonly [what: string, policies: readonly unknown[], errors: readonly string[]])[] = [
  ["cache() alone", [cache()], []],
  ["cache() behind an optional identity policy", [some, cache()], [UNSAID("cache", "optional")]],
  ["cache() by identity behind one", [some, cache({ vary: "identity" })], []],
  ["cache() by consumer behind one", [asks, cache({ vary: "consumer" })], []],
  ["cache() by the credential behind one", [asks, cache({ key: { headers: ["authorization"] } })], []],
  ["cache() by another key behind one", [asks, cache({ vary: "header:x-tenant" })], [UNSAID("cache", "asks")]],
  ["cache() by a function behind one", [asks, cache({ vary: () => "a" })], [UNSAID("cache", "asks")]],
  ["cache() for everybody behind one", [asks, cache({ vary: "header:x-tenant", shared: true })], []],
  ["cache() before a policy that finds out who is asking", [cache(), asks], [
    UNASKED("cache", "asks", "routes[0].policies[1]"),
  ]],
  ["cache() before ipFilter()", [cache(), local], [PAST("cache", "ipFilter", "routes[0].policies[1]")]],
  ["cache() before allow()", [asks, cache({ shared: true }), allow({ groups: ["staff"] })], [
    PAST("cache", "allow", "routes[0].policies[2]"),
  ]],
  ["cache() before a guard of one's own", [cache(), own], [PAST("cache", "own", "routes[0].policies[1]")]],
  ["cache() before a policy of one's own that does not say that it is a guard", [cache(), watches], []],
];
for (const [what, policies, expected] of REAL) {
  Deno.test(`the order of policies: ${what}`, () => {
    const { issues } = validateConfig({ routes: [route(policies)] });
    assert.deepEqual(issues.filter(({ severity }) => severity === "error").map(({ message }) => message), expected);
  });
}
