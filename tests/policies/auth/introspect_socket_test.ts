import { strict as assert } from "node:assert";
import { definePolicy } from "gatewright";
import { secret } from "../../../src/core/secret.ts";
import { introspect, type IntrospectOptions } from "../../../src/policies/auth/introspect.ts";
import { rateLimit } from "../../../src/policies/traffic/rate_limit.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, type OriginRequest, type OriginScript, ScriptedOrigin } from "../../support/scripted_origin.ts";
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
  REFUSING,
} from "../../upstreams/traffic_bed.ts";

/** A gateway before an origin, and this provider, which is an upstream. */
class Bed implements AsyncDisposable {
  private constructor(
    readonly clock: FakeClock,
    readonly origin: ScriptedOrigin,
    readonly gateway: BedGateway,
    /** Of each request: aborted once its client has gone. */
    readonly signals: readonly AbortSignal[],
  ) {}

  static async start(engine: Engine, provider: string, options: Partial<IntrospectOptions> = {}): Promise<Bed> {
    const clock = new FakeClock(), origin = await ScriptedOrigin.start(answer(200, "ok"));
    const policy = introspect({
      endpoint: { upstream: "id", path: "/introspect" },
      clientId: "gateway",
      clientSecret: secret.env("SECRET"),
      timeout: "500ms",
      ...options as object,
    });
    const signals: AbortSignal[] = [];
    const watching = definePolicy({
      name: "watching",
      handle(ctx, next) {
        signals.push(ctx.signal);
        return next();
      },
    });
    const gateway = gatewayTo([origin.url as "http://a"], clock, {
      upstreams: { id: { endpoints: [provider as "http://a"] } },
      route: { policies: [watching, policy, rateLimit({ limit: 2, per: "1h", key: "jwt:sub" })] as never },
      world: { secrets: () => ({ value: "s3cret" }) },
      listen: { engine },
    });
    return new Bed(clock, origin, gateway, signals);
  }

  /** What a request with this token is answered. */
  async status(token: string): Promise<number> {
    return (await askInTime(this.gateway, this.clock, get(`authorization: Bearer ${token}`))).status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    await this.origin[Symbol.asyncDispose]();
  }
}

/** A provider for which tokens are active that begin with their owner's name and a dot. */
async function provider(request: OriginRequest): Promise<void> {
  const token = new URLSearchParams(await request.text()).get("token") ?? "", dot = token.indexOf(".");
  const known = dot > 0 && request.header("authorization") === `Basic ${btoa("gateway:s3cret")}`;
  await request.send(
    answer(200, JSON.stringify(known ? { active: true, sub: token.slice(0, dot) } : { active: false })),
  );
}

for (const engine of ENGINES) {
  Deno.test(`${engine}: introspect() lets active tokens pass, and what comes behind knows whose they are`, async () => {
    await using id = await ScriptedOrigin.start(provider);
    await using bed = await Bed.start(engine, id.url);
    const statuses = [];
    for (const token of ["alice.1", "alice.1", "bob.1", "alice.2", "nobody"]) statuses.push(await bed.status(token));
    // Both of alice's tokens are hers.
    assert.deepEqual(statuses, [200, 200, 200, 429, 401]);
    assert.equal(id.requests.length, 4);
    assert.deepEqual(id.requests.map(({ head }) => head.startLine)[0], "POST /introspect HTTP/1.1");
    assert.ok(bed.origin.requests.every((request) => request.header("authorization") === null));
    assert.equal((await ask(bed.gateway, get())).header("www-authenticate"), 'Bearer realm="gateway"');
  });

  const AWAY: readonly [what: string, script: OriginScript | null][] = [
    ["is not there", null],
    ["dies", async (request) => {
      await request.connection.halfClose();
    }],
    ["dies in the middle", async (request) => {
      await request.send('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{"active":tr');
      await request.connection.halfClose();
    }],
    ["never answers", (request) => request.hang()],
    ["never ends its answer", async (request) => {
      await request.send('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"active":true}');
      await request.hang();
    }],
    ["talks nonsense", answer(200, "<html>")],
    ["says too much", answer(200, `{"active":true,"a":"${"a".repeat(70_000)}"}`)],
    ["does not know the gateway", answer(401, '{"active":true}')],
    ["sends it elsewhere", answer(302, '{"active":true}', "location: /")],
  ];

  Deno.test(`${engine}: introspect() lets nobody pass while the provider is away`, async () => {
    for (const [what, script] of AWAY) {
      await using id = script === null ? null : await ScriptedOrigin.start(script);
      await using bed = await Bed.start(engine, id?.url ?? REFUSING);
      assert.equal(await bed.status("alice.1"), 503, what);
      assert.equal(bed.origin.requests.length, 0);
      const { auth, error } = await bed.gateway.event();
      assert.deepEqual([auth, error], ["unavailable", "auth_unavailable"], what);
    }
  });
}

Deno.test("introspect() lets those pass whom it remembers while the provider is away, and others again afterwards", async () => {
  let away = false;
  await using id = await ScriptedOrigin.start((request) => away ? request.hang() : provider(request));
  await using bed = await Bed.start("h1", id.url, { cache: { ttl: "1h" } });
  assert.equal(await bed.status("alice.1"), 200);
  away = true;
  assert.equal(await bed.status("bob.1"), 503);
  assert.equal(await bed.status("alice.1"), 200);
  away = false;
  assert.equal(await bed.status("bob.1"), 200);
});

Deno.test("introspect() asks once for all, and goes on when the first client leaves", async () => {
  await using id = await HoldingOrigin.start();
  await using bed = await Bed.start("h1", id.url, { timeout: "1m" });
  await using first = await bed.gateway.connect();
  await first.send(get("authorization: Bearer alice.1"));
  await until(() => id.count === 1);
  const second = ask(bed.gateway, get("authorization: Bearer alice.1"));
  await until(() => bed.gateway.arrivals.count === 2);
  await first.reset();
  await until(() => bed.signals[0].aborted, "the first client to be gone");
  await id.release(0, answer(200, '{"active":true,"sub":"alice"}'));
  assert.equal((await second).status, 200);
  assert.equal(id.count, 1);
});
