import { strict as assert } from "node:assert";
import {
  bodyLimit,
  cors,
  csrf,
  defineGateway,
  definePolicy,
  ipFilter,
  type Policy,
  rateLimit,
  securityHeaders,
} from "gatewright";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { until } from "../../support/until.ts";
import { ask, chunk, chunkedHead, type Engine, ENGINES, post, request } from "../../upstreams/traffic_bed.ts";

const APP = "https://app.example.com", ORIGIN = `origin: ${APP}`;
const ASKED = "access-control-request-method: ";

const locked = definePolicy({ name: "locked", handle: () => new Response("who?", { status: 401 }) });
const broken = definePolicy({
  name: "broken",
  handle() {
    throw new Error("broken");
  },
});
const rejecting = definePolicy({ name: "rejecting", handle: () => Promise.reject(new Error("broken")) });

function gatewayTo(origin: ScriptedOrigin, engine: Engine, policies: readonly Policy[]): TestGateway {
  const config = defineGateway({
    upstreams: { o: { endpoints: [origin.url as "http://x"] }, gone: "http://127.0.0.1:1" },
    policies: [...policies],
    routes: [
      { path: "/api/*", upstream: "o" },
      { path: "/orders/:id", methods: ["PUT"], upstream: "o" },
      { path: "/gone", upstream: "gone" },
      { path: "/locked", methods: ["DELETE"], policies: [locked], upstream: "o" },
      { path: "/broken", policies: [broken], upstream: "o" },
      { path: "/rejecting", policies: [rejecting], upstream: "o" },
      { path: "/limited", policies: [rateLimit({ limit: 1, per: "1d", key: "route" })], respond: { body: "once" } },
    ],
  });
  return TestGateway.start(config, {}, { engine });
}

for (const engine of ENGINES) {
  Deno.test(`${engine}: cors() has its fields on every answer, also where something failed`, async () => {
    const fields = ["access-control-allow-origin: *", "vary: accept", "server: nginx"];
    await using origin = await ScriptedOrigin.start(answer(200, "yes", ...fields));
    await using gateway = gatewayTo(origin, engine, [
      securityHeaders(),
      cors({ origins: [APP], credentials: true, expose: ["x-total"] }),
    ]);
    const rows: [target: string, method: string, status: number][] = [
      ["/api/a", "GET", 200],
      ["/api/a", "OPTIONS", 200],
      ["/nothing", "GET", 404],
      ["/orders/7", "GET", 405],
      ["/locked", "DELETE", 401],
      ["/limited", "GET", 200],
      ["/limited", "GET", 429],
      ["/broken", "GET", 500],
      ["/rejecting", "GET", 500],
      ["/gone", "GET", 502],
    ];
    for (const [target, method, status] of rows) {
      const response = await ask(gateway, request(method, target, [ORIGIN])), what = `${method} ${target}`;
      assert.equal(response.status, status, what);
      assert.equal(response.header("access-control-allow-origin"), APP, what);
      assert.equal(response.header("access-control-allow-credentials"), "true", what);
      assert.equal(response.header("access-control-expose-headers"), "x-total", what);
      assert.match(response.header("vary") ?? "", /(?:^|, )origin$/, what);
      assert.equal(response.header("x-content-type-options"), "nosniff", what);
      assert.notEqual(response.header("server"), "nginx", what);
    }
    const refused = await ask(gateway, request("GET", "/api/a", ["origin: https://evil.example"]));
    assert.deepEqual([refused.status, refused.header("vary")], [200, "accept, origin"]);
    assert.equal(refused.header("access-control-allow-origin"), null);
    assert.deepEqual(gateway.completed.filter(({ error }) => error === "internal_error").length, 2);
  });

  Deno.test(`${engine}: cors() answers preflights for the route that they ask about, before all that refuses`, async () => {
    await using origin = await ScriptedOrigin.start(answer(200, "yes"));
    await using gateway = gatewayTo(origin, engine, [
      ipFilter({ deny: "198.51.100.0/24" }),
      cors({ origins: [APP], maxAge: "1h" }),
    ]);
    const rows: [target: string, method: string][] = [
      ["/orders/7", "PUT"],
      ["/locked", "DELETE"],
      ["/api/a", "PATCH"],
      ["/broken", "POST"],
      ["/nothing", "PUT"],
    ];
    for (const [target, method] of rows) {
      const fields = [ORIGIN, ASKED + method, "access-control-request-headers: x-a,authorization"];
      const { status, header } = await ask(gateway, request("OPTIONS", target, fields));
      assert.deepEqual([status, header("access-control-allow-origin"), header("access-control-allow-methods")], [
        204,
        APP,
        method,
      ], target);
      assert.equal(header("access-control-allow-headers"), "x-a,authorization");
      assert.equal(header("access-control-max-age"), "3600");
      assert.equal(header("vary"), "origin, access-control-request-method, access-control-request-headers");
    }
    const evil = await ask(gateway, request("OPTIONS", "/orders/7", ["origin: https://evil.example", `${ASKED}PUT`]));
    assert.deepEqual([evil.status, evil.header("access-control-allow-origin")], [204, null]);
    assert.equal(origin.requests.length, 0);
  });

  Deno.test(`${engine}: ipFilter() keeps preflights out too, and cors() outside of it shows the refusal`, async () => {
    await using origin = await ScriptedOrigin.start(answer(200, "yes"));
    await using gateway = gatewayTo(origin, engine, [cors({ origins: [APP] }), ipFilter({ deny: "127.0.0.0/8" })]);
    for (const fields of [[ORIGIN], [ORIGIN, `${ASKED}PUT`]]) {
      const response = await ask(gateway, request(fields.length === 1 ? "PUT" : "OPTIONS", "/orders/7", fields));
      assert.deepEqual([response.status, response.header("access-control-allow-origin")], [403, APP]);
      if (fields.length === 1) assert.equal(JSON.parse(response.text).code, "ip_denied");
    }
    assert.equal(origin.requests.length, 0);
  });

  Deno.test(`${engine}: a WebSocket is opened for pages that cors() or csrf() let in, and for no others`, async () => {
    for (const policy of [cors({ origins: [APP] }), csrf({ origins: [APP] })]) {
      await using origin = await ScriptedOrigin.start(answer(426, "not today"));
      await using gateway = gatewayTo(origin, engine, [policy]);
      const key = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==", version = "sec-websocket-version: 13";
      const open = (from: string) =>
        request("GET", "/api/a", ["connection: upgrade", "upgrade: websocket", key, version, `origin: ${from}`]);
      const evil = await ask(gateway, open("https://evil.example"));
      const code = policy.kind === "cors" ? "origin_not_allowed" : "cross_site_request";
      assert.deepEqual([evil.status, JSON.parse(evil.text).code], [403, code]);
      assert.equal(origin.requests.length, 0);
      for (const [i, from] of [APP, "http://a.example"].entries()) {
        await ask(gateway, open(from));
        assert.equal(origin.requests.length, i + 1, from);
      }
    }
  });

  Deno.test(`${engine}: bodyLimit() answers 413 at once where the length is announced`, async () => {
    await using origin = await ScriptedOrigin.start(answer(200, "yes"));
    await using gateway = gatewayTo(origin, engine, [bodyLimit({ max: 10 })]);
    assert.equal((await ask(gateway, post("0123456789").replace(" / ", " /api/a "))).status, 200);
    await using client = await gateway.connect();
    // Not a byte of the body is sent: the answer does not wait for it.
    await client.send(request("POST", "/api/a", ["content-length: 11"]));
    const { status, text } = await client.response("POST");
    assert.deepEqual([status, JSON.parse(text).code], [413, "body_too_large"]);
    assert.equal(origin.requests.length, 1);
    assert.deepEqual((await gateway.event(1)).error, "body_too_large");
  });

  Deno.test(`${engine}: bodyLimit() cuts a body of chunks off in the middle, and the upstream's request with it`, async () => {
    const gone: boolean[] = [];
    await using origin = await ScriptedOrigin.start(async (arrived) => {
      if (arrived.header("x-short") !== null) return await arrived.send(answer(200, await arrived.text()));
      await arrived.connection.gone();
      gone.push(true);
    });
    await using gateway = gatewayTo(origin, engine, [bodyLimit({ max: 10 })]);
    const head = (...fields: string[]) => chunkedHead("POST", ...fields).replace(" / ", " /api/a ");
    await using short = await gateway.connect();
    await short.send(head("x-short: 1") + chunk("01234"));
    await origin.request();
    await short.send(chunk("56789") + "0\r\n\r\n");
    const whole = await short.response("POST");
    assert.deepEqual([whole.status, whole.text], [200, "0123456789"]);

    await using long = await gateway.connect();
    await long.send(head() + chunk("01234"));
    await origin.request();
    await long.send(chunk("56789"));
    await long.send(chunk("a"));
    const cut = await long.response("POST");
    assert.deepEqual([cut.status, JSON.parse(cut.text).code], [413, "body_too_large"]);
    await until(() => gone.length === 1, "the upstream's request to be broken off");
    const { status, error } = await gateway.event(1);
    assert.deepEqual([status, error], [413, "body_too_large"]);
  });

  Deno.test(`${engine}: bodyLimit() refuses chunks that came with their head, and a policy's read of too many`, async () => {
    await using origin = await ScriptedOrigin.start(answer(200, "yes"));
    await using gateway = gatewayTo(origin, engine, [
      cors({ origins: [APP] }),
      bodyLimit({ max: 10 }),
      definePolicy({
        name: "reader",
        async handle(ctx, next) {
          if (ctx.header("x-read") !== null) await ctx.request.text();
          return next();
        },
      }),
    ]);
    const all = chunk("0123456789") + chunk("a") + "0\r\n\r\n";
    for (const fields of [[ORIGIN], [ORIGIN, "x-read: 1"]]) {
      const response = await ask(gateway, chunkedHead("POST", ...fields).replace(" / ", " /api/a ") + all);
      assert.deepEqual([response.status, JSON.parse(response.text).code], [413, "body_too_large"]);
      assert.equal(response.header("access-control-allow-origin"), APP);
    }
  });
}
