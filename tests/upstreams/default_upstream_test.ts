import { strict as assert } from "node:assert";
import { validateConfig } from "../../src/config/validate.ts";
import { DEFAULT_SETTINGS, defaultUpstream } from "../../src/upstreams/default_upstream.ts";

/** What the config's schema makes of an upstream, without what is the upstream's own. */
function settingsOf(upstream: unknown) {
  const { config } = validateConfig({ upstreams: { a: upstream }, routes: [{ path: "/", upstream: "a" }] });
  const { name: _name, endpoints: _endpoints, dns: _dns, host: _host, ...rest } = config!.upstreams[0];
  return rest;
}

Deno.test("an upstream that says nothing has DEFAULT_SETTINGS, whichever form it has", () => {
  const forms = ["http://b", ["http://b"], { endpoints: ["http://b"] }, { endpoints: { dns: "http://b" } }];
  for (const form of forms) assert.deepEqual(settingsOf(form), DEFAULT_SETTINGS);
  const spelt = { endpoints: ["http://b"], timeouts: {}, retry: {}, pool: {}, hedge: false, slowStart: "0s" };
  assert.deepEqual(settingsOf(spelt), DEFAULT_SETTINGS);
});

Deno.test("defaultUpstream() sends one endpoint its own Host", () => {
  const endpoint = {
    id: "a/http://b",
    url: "http://b",
    scheme: "http",
    address: { kind: "tcp", hostname: "b", port: 80 },
    weight: 1,
    tier: 0,
    maxInFlight: null,
    demo: null,
  } as const;
  assert.deepEqual(defaultUpstream("a", endpoint), {
    ...DEFAULT_SETTINGS,
    name: "a",
    endpoints: [endpoint],
    dns: null,
    host: "endpoint",
  });
});
