import { strict as assert } from "node:assert";
import { checkIdleSettings } from "../../../src/config/checks/idle_settings.ts";
import { draftOf } from "../../../src/config/draft.ts";
import { pathText } from "../../../src/config/finding.ts";

/** Places of what is found; `a` has the settings, its only endpoint is http unless they say otherwise. */
function places(upstream: object, route: object = {}): string[] {
  const upstreams = { a: { endpoints: ["http://a"], ...upstream }, b: ["https://b", "https://c"] };
  const target = "split" in route ? {} : { upstream: "a" };
  const findings = checkIdleSettings(draftOf({ upstreams, routes: [{ path: "/", ...target, ...route }] }));
  for (const { severity } of findings) assert.equal(severity, "warning");
  return findings.map(({ at }) => pathText(at));
}

const HEDGE = { after: "1s" }, TWO = ["http://a", "http://b"], FOUND = { dns: "http://a.internal" };
const split = (...upstreams: string[]) => ({ split: { to: upstreams.map((upstream) => ({ upstream, weight: 1 })) } });
const rated = (count: number, rule: object) => ({
  endpoints: Array.from({ length: count }, (_, i) => `http://a${i}`),
  outliers: { successRate: rule },
});
const RATE = "upstreams.a.outliers.successRate", ONCE = { attempts: 1 };

const RULES: readonly [what: string, places: readonly string[], upstream: object, route?: object][] = [
  ["a hedge of one endpoint", ["upstreams.a.hedge"], { hedge: HEDGE }],
  ["a hedge of two", [], { endpoints: TWO, hedge: HEDGE }],
  ["a hedge of what DNS finds", [], { endpoints: FOUND, hedge: HEDGE }],
  ["a hedge that is off", [], { hedge: false }, { hedge: false }],
  ["a route's hedge of one endpoint", ["routes[0].hedge"], {}, { hedge: HEDGE }],
  ["a route's hedge of a URL", ["routes[0].hedge"], {}, { upstream: "http://c", hedge: HEDGE }],
  ["a route's hedge that one branch can send", [], {}, { ...split("a", "b"), hedge: HEDGE }],
  ["a route's hedge that no branch can send", ["routes[0].hedge"], {}, { ...split("a", "http://c"), hedge: HEDGE }],
  ["a route's hedge beside an upstream that is wrong", [], { balance: "?" }, { hedge: HEDGE }],
  ["a route's hedge beside an upstream that is not there", [], {}, { upstream: "c", hedge: HEDGE }],
  ["a wait for no handshake", ["upstreams.a.timeouts.tls"], { timeouts: { tls: "1s" } }],
  ["a wait for a handshake", [], { endpoints: ["https://a"], timeouts: { tls: "1s" } }],
  ["a wait for a handshake with what DNS finds", [], {
    endpoints: { dns: "https://a.internal" },
    timeouts: { tls: "1s" },
  }],
  ["a route's wait for no handshake", ["routes[0].timeouts.tls"], {}, { timeouts: { tls: "1s" } }],
  ["a route's wait for one branch's handshake", [], {}, { ...split("a", "b"), timeouts: { tls: "1s" } }],
  ["success rates of as many as it takes", [], rated(3, { minEndpoints: 3, deviations: 1.4 })],
  ["success rates of fewer", [`${RATE}.minEndpoints`], rated(2, { minEndpoints: 3, deviations: 0.9 })],
  ["deviations that no rate can have", [`${RATE}.deviations`], rated(5, { deviations: 2 })],
  ["deviations that some rate can have", [], rated(5, { deviations: 1.99 })],
  ["success rates of what DNS finds", [], { endpoints: FOUND, outliers: { successRate: {} } }],
  ["success rates of one endpoint, of which another check warns", [], rated(1, {})],
  ["a window for failures in a row", ["upstreams.a.circuitBreaker.window"], {
    circuitBreaker: { consecutiveFailures: 5, window: "30s" },
  }],
  ["a window in a list", ["upstreams.a.circuitBreaker[1].window"], {
    circuitBreaker: [{ window: "30s" }, { per: "upstream", consecutiveFailures: 5, window: "30s" }],
  }],
  ["a window for a ratio too", [], { circuitBreaker: { consecutiveFailures: 5, failureRatio: 0.5, window: "30s" } }],
  ["one try", [], { retry: ONCE }, { retry: ONCE }],
  ["one try with pauses", ["upstreams.a.retry.attempts"], { retry: { ...ONCE, backoff: "1s" } }],
  ["one try that a route makes more of", [], { retry: { ...ONCE, backoff: "1s" } }, { retry: { attempts: 3 } }],
  ["one try with a budget for hedges", [], {
    endpoints: TWO,
    hedge: HEDGE,
    retry: { ...ONCE, on: [503], budget: { floor: 1 } },
  }],
  ["one try with a budget for a route's hedges", [], { endpoints: TWO, retry: { ...ONCE, budget: false } }, {
    hedge: HEDGE,
  }],
  ["a route's one try without its upstream's hedges", ["routes[0].retry.attempts"], { endpoints: TWO, hedge: HEDGE }, {
    retry: { ...ONCE, on: [503] },
    hedge: false,
  }],
  ["a route's one try with its upstream's hedges", [], { endpoints: TWO, hedge: HEDGE }, {
    retry: { ...ONCE, on: [503] },
  }],
  ["one try and a body for a fallback", [], {}, {
    retry: { ...ONCE, buffer: "1MiB", unsafe: "may-duplicate" },
    fallback: { upstream: "b" },
  }],
  ["one try and a body for an answer", ["routes[0].retry.attempts"], {}, {
    retry: { ...ONCE, buffer: "1MiB" },
    fallback: { respond: {} },
  }],
];
for (const [what, expected, upstream, route] of RULES) {
  Deno.test(`checkIdleSettings() on ${what}`, () => assert.deepEqual(places(upstream, route), expected));
}
