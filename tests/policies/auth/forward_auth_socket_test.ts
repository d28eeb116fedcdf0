import { strict as assert } from "node:assert";
import { definePolicy } from "gatewright";
import { forwardAuth, type ForwardAuthOptions } from "../../../src/policies/auth/forward_auth.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, type OriginScript, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { until } from "../../support/until.ts";
import {
  ask,
  askInTime,
  type BedGateway,
  type Engine,
  ENGINES,
  gatewayTo,
  get,
  HoldingOrigin,
  post,
  REFUSING,
  request,
} from "../../upstreams/traffic_bed.ts";

/** A gateway before an origin that answers `ok`, and this service. */
class Bed implements AsyncDisposable {
  private constructor(
    readonly clock: FakeClock,
    readonly origin: ScriptedOrigin,
    readonly gateway: BedGateway,
    /** Of each request: aborted once its client has gone. */
    readonly signals: readonly AbortSignal[],
  ) {}

  static async start(
    engine: Engine,
    service: string,
    options: Partial<ForwardAuthOptions> = {},
    script: OriginScript = async (request) => {
      await request.send(answer(200, `ok ${await request.text()}`));
    },
  ): Promise<Bed> {
    const clock = new FakeClock(), origin = await ScriptedOrigin.start(script);
    const policy = forwardAuth({ to: `${service}/check` as "http://a", timeout: "500ms", ...options });
    const signals: AbortSignal[] = [];
    const watching = definePolicy({
      name: "watching",
      handle(ctx, next) {
        signals.push(ctx.signal);
        return next();
      },
    });
    const route = { policies: [watching, policy] };
    return new Bed(clock, origin, gatewayTo([origin.url as "http://a"], clock, { route, listen: { engine } }), signals);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    await this.origin[Symbol.asyncDispose]();
  }
}

for (const engine of ENGINES) {
  Deno.test(`${engine}: forwardAuth() asks on the client's behalf, and nothing that the client says of that gets through`, async () => {
    await using service = await ScriptedOrigin.start(answer(200, "", "x-user: 7", "x-internal: 1"));
    await using bed = await Bed.start(engine, service.url, {
      responseHeaders: ["x-user"],
      identity: { subject: "x-user" },
    });
    const forged = [
      ...["x-forwarded-method: GET", "x-forwarded-uri: /public", "x-forwarded-for: 10.0.0.1", "x-forwarded-host: evil"],
      ...["x-user: admin", "cookie: a=1", "expect: 100-continue", "connection: x-user, cookie"],
    ];
    const text = request("POST", "/orders/../admin?a=1", forged, "body");
    const { status, text: got } = await ask(bed.gateway, text);
    assert.deepEqual([status, got], [200, "ok body"]);
    const { head } = service.requests[0];
    assert.equal(head.startLine, "GET /check HTTP/1.1");
    const told = (name: string) => head.header(name);
    assert.deepEqual(["x-forwarded-method", "x-forwarded-uri", "x-forwarded-for"].map(told), [
      "POST",
      "/admin?a=1",
      "127.0.0.1",
    ]);
    assert.deepEqual(["x-forwarded-host", "x-forwarded-proto", "cookie"].map(told), ["a.example", "http", "a=1"]);
    assert.deepEqual(["content-length", "transfer-encoding", "expect", "connection", "x-user"].map(told), [
      null,
      null,
      null,
      null,
      null,
    ]);
    const [upstream] = bed.origin.requests;
    assert.deepEqual(["x-user", "x-internal"].map((name) => upstream.header(name)), ["7", null]);
  });

  Deno.test(`${engine}: forwardAuth() passes refusals on, whatever the method`, async () => {
    const login = answer(
      302,
      "<p>log in</p>",
      "location: /login?rd=1",
      "set-cookie: a=1",
      "set-cookie: b=2",
      "x-internal: 1",
    );
    await using service = await ScriptedOrigin.start(login);
    await using bed = await Bed.start(engine, service.url);
    const seen = await ask(bed.gateway, get());
    assert.deepEqual([seen.status, seen.text, seen.header("location")], [302, "<p>log in</p>", "/login?rd=1"]);
    assert.equal(seen.header("set-cookie"), "a=1, b=2");
    assert.equal(seen.header("x-internal"), null);
    const head = await ask(bed.gateway, request("HEAD", "/"));
    assert.deepEqual([head.status, head.text], [302, ""]);
    assert.equal((await ask(bed.gateway, post("body"))).status, 302);
    assert.equal(bed.origin.requests.length, 0);
    const { auth, reason, error } = await bed.gateway.event();
    assert.deepEqual([auth, reason, error], ["absent", "the service refused it with status 302", "credential_missing"]);
  });

  const AWAY: readonly [what: string, script: OriginScript | null][] = [
    ["is not there", null],
    ["dies", async (request) => {
      await request.connection.halfClose();
    }],
    ["dies in the middle", async (request) => {
      await request.send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nok");
      await request.connection.halfClose();
    }],
    ["never answers", (request) => request.hang()],
    ["never ends its answer", async (request) => {
      await request.send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nok");
      await request.hang();
    }],
    ["talks nonsense", "220 smtp ready\r\n\r\n"],
    ["breaks a line", "HTTP/1.1 200 OK\r\nx-user: 7\nx-role: admin\r\ncontent-length: 0\r\n\r\n"],
    ["breaks a line by halves", "HTTP/1.1 200 OK\r\nx-user: 7\rx-role: admin\r\ncontent-length: 0\r\n\r\n"],
    ["switches protocols", "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"],
    ["says too much", answer(200, "a".repeat(70_000))],
    ["fails", answer(500)],
  ];

  Deno.test(`${engine}: forwardAuth() lets nobody pass while the service is away`, async () => {
    for (const [what, script] of AWAY) {
      await using service = script === null ? null : await ScriptedOrigin.start(script);
      await using bed = await Bed.start(engine, service?.url ?? REFUSING);
      const { status, text } = await askInTime(bed.gateway, bed.clock, get());
      assert.deepEqual([status, JSON.parse(text).code], [503, "auth_unavailable"], what);
      assert.equal(bed.origin.requests.length, 0);
      assert.equal((await bed.gateway.event()).auth, "unavailable");
    }
  });
}

Deno.test("forwardAuth() gives its call up when the client leaves", async () => {
  await using service = await HoldingOrigin.start();
  await using bed = await Bed.start("h1", service.url, { timeout: "1m" });
  await using client = await bed.gateway.connect();
  await client.send(get());
  await until(() => service.count === 1);
  await client.reset();
  await service.held[0].request.connection.gone();
  const { error, auth } = await bed.gateway.event();
  assert.deepEqual([error, auth], ["client_closed_request", ""], "its service was not away");
});

Deno.test("forwardAuth() with a cache goes on when its first client leaves, as others wait too", async () => {
  await using service = await HoldingOrigin.start();
  await using bed = await Bed.start("h1", service.url, {
    timeout: "1m",
    cache: { key: "header:authorization", ttl: "1m" },
  });
  await using first = await bed.gateway.connect();
  await first.send(get("authorization: t"));
  await until(() => service.count === 1);
  const second = ask(bed.gateway, get("authorization: t"));
  await until(() => bed.gateway.arrivals.count === 2);
  await first.reset();
  await until(() => bed.signals[0].aborted, "the first client to be gone");
  await service.release(0, answer(200));
  assert.equal((await second).status, 200);
  assert.equal((await ask(bed.gateway, get("authorization: t"))).status, 200);
  assert.equal(service.count, 1);
});

const UPGRADE = get(
  ...["connection: Upgrade, authorization", "upgrade: websocket", "sec-websocket-version: 13", "authorization: t"],
  "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
);

Deno.test("forwardAuth() is asked about a WebSocket as about any request, and its cookies go with the answer", async () => {
  let status = 401;
  await using service = await ScriptedOrigin.start(async (request) => {
    await request.send(answer(status, "", "set-cookie: s=1"));
  });
  await using bed = await Bed.start(
    "h1",
    service.url,
    { clientHeaders: ["set-cookie"] },
    [
      ...["HTTP/1.1 101 Switching Protocols", "connection: upgrade", "upgrade: websocket"],
      ...["sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "", "hello"],
    ].join("\r\n"),
  );
  assert.equal((await ask(bed.gateway, UPGRADE)).status, 401);
  const { head } = service.requests[0];
  assert.deepEqual(["connection", "upgrade", "sec-websocket-key"].map((name) => head.header(name)), [null, null, null]);
  assert.equal(bed.origin.requests.length, 0);
  status = 200;
  await using client = await bed.gateway.connect();
  await client.send(UPGRADE);
  const switched = await client.responseHead();
  assert.deepEqual([switched.status, switched.header("set-cookie")], [101, "s=1"]);
  await client.takeUntil("hello");
});

Deno.test("forwardAuth() lets no client send a body that is refused", async () => {
  await using service = await ScriptedOrigin.start(answer(401, "no"));
  await using bed = await Bed.start("h1", service.url);
  await using client = await bed.gateway.connect();
  await client.send(request("POST", "/", ["content-length: 5", "expect: 100-continue"]));
  const { status, text, interim } = await client.response("POST");
  assert.deepEqual([status, text, interim.length], [401, "no", 0]);
  assert.equal(service.requests[0].header("expect"), null);
});

Deno.test("forwardAuth() takes an answer of HTTP/1.0, and one that is compressed goes on as it is", async () => {
  let lines = ["HTTP/1.0 200 OK", "x-user: Zo\u00c3\u00ab", "", "ignored"];
  await using service = await ScriptedOrigin.start(async (request) => {
    await request.send(lines.join("\r\n"));
    await request.connection.halfClose();
  });
  await using bed = await Bed.start("h1", service.url, { responseHeaders: ["x-user"], method: "POST" });
  assert.equal((await ask(bed.gateway, get())).status, 200);
  assert.equal(service.requests[0].header("content-length"), "0");
  // Byte for byte.
  assert.equal(bed.origin.requests[0].header("x-user"), "Zo\u00c3\u00ab");
  lines = ["HTTP/1.1 403 Forbidden", "content-encoding: gzip", "content-length: 4", "", "\u001f\u008b\u0008\u0000"];
  const refused = await ask(bed.gateway, get());
  assert.deepEqual([refused.header("content-encoding"), refused.body.length], ["gzip", 4]);
});
