import { strict as assert } from "node:assert";
import { adminApp } from "../../src/admin/admin_app.ts";
import type { Inspect } from "../../src/admin/inspect.ts";
import { logTo } from "../../src/core/log.ts";
import type { Health } from "../../src/runtime/exposure/health.ts";

const ROUTE = {
  id: "/",
  methods: [],
  hosts: [],
  path: "/",
  predicates: [],
  chain: [],
  target: { kind: "respond", status: 200 } as const,
  hops: [],
  source: "routes[0]",
};

const CONSUMER = { name: "acme", groups: ["gold"], chain: [] };

const UPSTREAM = { name: "o", status: "warn", required: false, usable: 1, known: 2, dns: null } as const;

const HEALTH: Health = {
  status: "warn",
  ready: true,
  reasons: [],
  upstreams: [{ ...UPSTREAM, endpoints: [{ id: "http://10.0.0.1:80", status: "pass", reason: "" }] }],
};

function inspect(changes: Partial<Inspect> = {}): Inspect {
  return {
    notReady: () => [],
    health: () => HEALTH,
    metrics: null,
    config: () => ({ listeners: [] }),
    routes: () => [ROUTE],
    consumers: () => [CONSUMER],
    upstreams: () => [],
    caches: () => [],
    purge: () => Promise.resolve({ caches: [], removed: 0, failures: [] }),
    ...changes,
  };
}

/** Asks and gives `[status, body]`; every answer must be kept out of caches. */
async function ask(app: ReturnType<typeof adminApp>, path: string, init?: RequestInit): Promise<[number, unknown]> {
  const response = await app.request(`http://localhost:9901${path}`, init);
  assert.equal(response.headers.get("cache-control"), "no-store");
  const text = await response.text();
  return [response.status, text === "" ? "" : JSON.parse(text)];
}

Deno.test("admin: /livez is 200 also while the gateway drains, /readyz and /ready tell the reasons", async () => {
  const ready = adminApp(inspect(), null), draining = adminApp(inspect({ notReady: () => ["draining"] }), null);
  assert.deepEqual(await ask(ready, "/livez"), [200, { live: true }]);
  assert.deepEqual(await ask(draining, "/livez"), [200, { live: true }]);
  for (const path of ["/readyz", "/ready"]) {
    assert.deepEqual(await ask(ready, path), [200, { ready: true, reasons: [] }]);
    assert.deepEqual(await ask(draining, path), [503, { ready: false, reasons: ["draining"] }]);
  }
});

Deno.test("admin: /health is 200 for pass and warn, 503 where the gateway is not ready", async () => {
  assert.deepEqual(await ask(adminApp(inspect(), null), "/health"), [200, HEALTH]);
  const unready: Health = { ...HEALTH, status: "fail", ready: false, reasons: ["draining"] };
  assert.deepEqual(await ask(adminApp(inspect({ health: () => unready }), null), "/health"), [503, unready]);
});

Deno.test("admin: with a token, /health shows endpoints to nobody without it", async () => {
  const app = adminApp(inspect(), "s3cret");
  assert.deepEqual(await ask(app, "/health"), [200, { ...HEALTH, upstreams: [UPSTREAM] }]);
  assert.deepEqual(await ask(app, "/health", { headers: { authorization: "Bearer wrong" } }), [200, {
    ...HEALTH,
    upstreams: [UPSTREAM],
  }]);
  assert.deepEqual(await ask(app, "/health", { headers: { authorization: "Bearer s3cret" } }), [200, HEALTH]);
});

Deno.test("admin: /metrics gives what Accept asks for, and asks for the token where one is set", async () => {
  const asked: (string | null)[] = [];
  const metrics = (accept: string | null) => {
    asked.push(accept);
    return Promise.resolve({ type: "text/plain; version=0.0.4", text: "up 1\n" });
  };
  const open = adminApp(inspect({ metrics }), null), locked = adminApp(inspect({ metrics }), "s3cret");
  const answer = await open.request("http://localhost/metrics", { headers: { accept: "text/x" } });
  assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "text/plain; version=0.0.4"]);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.equal(await answer.text(), "up 1\n");
  await open.request("http://localhost/metrics");
  assert.deepEqual(asked, ["text/x", null]);
  assert.equal((await ask(locked, "/metrics"))[0], 401);
  assert.equal((await locked.request("/metrics", { headers: { authorization: "Bearer s3cret" } })).status, 200);
  assert.equal(asked.length, 3);
  assert.equal((await ask(adminApp(inspect(), null), "/metrics"))[0], 404, "they are off");
});

Deno.test("admin: /config, /routes and /upstreams show what inspect gives", async () => {
  const app = adminApp(inspect({ config: () => Promise.resolve({ port: 1 }) }), null);
  assert.deepEqual(await ask(app, "/config"), [200, { port: 1 }]);
  assert.deepEqual(await ask(app, "/routes"), [200, { routes: [ROUTE], consumers: [CONSUMER] }]);
  assert.deepEqual(await ask(app, "/upstreams"), [200, { upstreams: [] }]);
});

Deno.test("admin: HEAD has no body, other methods are 405, unknown addresses 404", async () => {
  const app = adminApp(inspect(), null);
  assert.deepEqual(await ask(app, "/config", { method: "HEAD" }), [200, ""]);
  const post = await app.request("http://localhost/config", { method: "POST" });
  assert.equal(post.status, 405);
  assert.equal(post.headers.get("allow"), "GET, HEAD");
  const lost = await app.request("http://localhost/nothing");
  assert.equal(lost.status, 404);
  assert.equal(lost.headers.get("content-type"), "application/problem+json");
  assert.deepEqual(await lost.json(), {
    type: "urn:gatewright:problem:not_found",
    title: "Not Found",
    status: 404,
    code: "not_found",
    detail: "There is nothing at this address.",
  });
});

Deno.test("admin: with a token, everything but probes asks for it", async () => {
  const app = adminApp(inspect(), "s3cret");
  for (const path of ["/livez", "/readyz", "/ready", "/health"]) assert.equal((await ask(app, path))[0], 200, path);
  for (
    const [authorization, status] of [
      [undefined, 401],
      ["Bearer s3cret", 200],
      ["bearer  s3cret ", 200],
      ["Bearer s3cre", 401],
      ["Bearer s3cret2", 401],
      ["Bearer ", 401],
      ["Basic s3cret", 401],
      ["s3cret", 401],
      ["Bearer s3cret, Bearer x", 401],
    ] as const
  ) {
    for (const path of ["/config", "/routes"]) {
      const headers: HeadersInit = authorization === undefined ? {} : { authorization };
      assert.equal((await ask(app, path, { headers }))[0], status, `${authorization} ${path}`);
    }
  }
  const refused = await app.request("http://localhost/nothing");
  assert.equal(refused.status, 401, "what exists is not told");
  assert.equal(refused.headers.get("www-authenticate"), 'Bearer realm="admin"');
});

Deno.test("admin: without a token, only requests for loopback are answered", async () => {
  const open = adminApp(inspect(), null), locked = adminApp(inspect(), "t");
  for (
    const [host, status] of [
      ["localhost", 200],
      ["LOCALHOST:9901", 200],
      ["127.0.0.1:9901", 200],
      ["[::1]:9901", 200],
      ["evil.example:9901", 421],
      ["localhost.evil.example", 421],
      ["127.0.0.1.evil.example", 421],
      ["127.0.0.1:9901@evil.example", 421],
      ["", 421],
    ] as const
  ) {
    for (const path of ["/livez", "/config"]) {
      assert.equal((await ask(open, path, { headers: { host } }))[0], status, `${host} ${path}`);
    }
  }
  assert.equal((await ask(locked, "/livez", { headers: { host: "gateway.internal" } }))[0], 200);
  assert.equal((await open.request("http://evil.example/livez")).status, 421, "HTTP/2: no Host field");
});

Deno.test("admin: an error inside goes to the log, not to the client", async () => {
  const entries: unknown[] = [];
  const app = adminApp(
    inspect({
      config: () => {
        throw new Error("secret detail");
      },
    }),
    null,
    logTo((level, _message, fields) => entries.push([level, fields?.error])),
  );
  const [status, body] = await ask(app, "/config");
  assert.equal(status, 500);
  assert.equal(JSON.stringify(body).includes("secret"), false);
  assert.deepEqual(entries, [["error", new Error("secret detail")]]);
});
