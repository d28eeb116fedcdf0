import { strict as assert } from "node:assert";
import { secret } from "gatewright";
import type { UpstreamConfig } from "../../src/config/types/upstream.ts";
import { FakeClock } from "../support/fake_clock.ts";
import type { RawResponse } from "../support/raw_client.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { until } from "../support/until.ts";
import { answering, ask, ENGINES, gatewayTo, get, HoldingOrigin, Pending, REFUSING, settle } from "./traffic_bed.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const STICKY = { cookie: "gw", secret: secret.env("KEY") } as const;
const world = (value = KEY) => ({ secrets: () => ({ value }) });

/** The pair `gw=…` that an answer sets, or `null`. */
function cookieOf(response: RawResponse): string | null {
  return /^gw=[^;]*/.exec(response.header("set-cookie") ?? "")?.[0] ?? null;
}

/** A few origins that say which they are. */
class Origins implements AsyncDisposable {
  private constructor(readonly all: readonly ScriptedOrigin[]) {}

  static async start(count = 3): Promise<Origins> {
    const all: ScriptedOrigin[] = [];
    for (let i = 0; i < count; i++) all.push(await answering(200, `origin ${i}`));
    return new Origins(all);
  }

  get urls(): readonly string[] {
    return this.all.map(({ url }) => url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.all.map((origin) => origin[Symbol.asyncDispose]()));
  }
}

for (const engine of ENGINES) {
  Deno.test(`${engine}: a client is given a cookie once, and goes where it leads`, async () => {
    await using origins = await Origins.start();
    await using gateway = gatewayTo(origins.urls, new FakeClock(), {
      settings: { sticky: STICKY },
      world: world(),
      listen: { engine },
    });
    const seen = new Map<string, string>();
    for (let client = 0; client < 3; client++) {
      const first = await ask(gateway, get()), cookie = cookieOf(first);
      assert.ok(cookie !== null);
      assert.match(first.header("set-cookie")!, /; Path=\/; HttpOnly; SameSite=Lax$/);
      assert.doesNotMatch(cookie, /127\.0\.0\.1|%3A/);
      seen.set(first.text, cookie);
    }
    assert.equal(seen.size, 3);
    for (const [text, cookie] of [...seen, ...seen]) {
      const again = await ask(gateway, get(`cookie: theme=dark; ${cookie}; lang=en`));
      assert.deepEqual([again.text, again.header("set-cookie")], [text, null]);
    }
  });
}

Deno.test("a client whose endpoint is out is led elsewhere, with a cookie for there", async () => {
  await using origins = await Origins.start(2);
  let cookie: string | null;
  {
    await using gateway = gatewayTo([origins.urls[0], origins.urls[1]], new FakeClock(), {
      settings: { sticky: STICKY },
      world: world(),
    });
    const first = await ask(gateway, get());
    assert.equal(first.text, "origin 0");
    cookie = cookieOf(first);
  }
  await origins.all[0][Symbol.asyncDispose]();
  await using gateway = gatewayTo([origins.urls[0], origins.urls[1]], new FakeClock(), {
    settings: { sticky: STICKY, outliers: { consecutiveGatewayErrors: 1 } },
    world: world(),
  });
  const moved = await ask(gateway, get(`cookie: ${cookie}`));
  assert.deepEqual([moved.status, moved.text], [200, "origin 1"]);
  const fresh = cookieOf(moved);
  assert.ok(fresh !== null && fresh !== cookie);
  const kept = await ask(gateway, get(`cookie: ${fresh}`));
  assert.deepEqual([kept.text, kept.header("set-cookie")], ["origin 1", null]);
  assert.deepEqual(gateway.completed.map(({ attempts }) => attempts), [2, 1]);
});

const FORGED: readonly [what: string, make: (genuine: string) => string][] = [
  ["another value", () => "gw=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
  ["nothing", () => "gw="],
  ["the endpoint's id", () => "gw=o/http://127.0.0.1:1"],
  ["the genuine value cut short", (genuine) => genuine.slice(0, -1)],
  ["the genuine value and more", (genuine) => genuine + "A"],
  ["the genuine value under another name", (genuine) => genuine.replace("gw=", "xgw=")],
  ["__proto__", () => "gw=__proto__"],
];
for (const [what, make] of FORGED) {
  Deno.test(`a cookie of ${what} leads nowhere, and is replaced`, async () => {
    await using origins = await Origins.start();
    await using gateway = gatewayTo(origins.urls, new FakeClock(), { settings: { sticky: STICKY }, world: world() });
    const genuine = cookieOf(await ask(gateway, get()))!;
    const response = await ask(gateway, get(`cookie: ${make(genuine)}`));
    assert.equal(response.text, "origin 1", "the balancer's turn");
    assert.ok(cookieOf(response) !== null);
  });
}

Deno.test("of several cookies of the name the genuine one counts", async () => {
  await using origins = await Origins.start();
  await using gateway = gatewayTo(origins.urls, new FakeClock(), { settings: { sticky: STICKY }, world: world() });
  const genuine = cookieOf(await ask(gateway, get()))!;
  const response = await ask(gateway, get(`cookie: gw=old; ${genuine}`));
  assert.deepEqual([response.text, response.header("set-cookie")], ["origin 0", null]);
});

Deno.test("a cookie holds under another config, but not with another secret or upstream", async () => {
  await using origins = await Origins.start();
  let cookie: string;
  {
    await using gateway = gatewayTo(origins.urls, new FakeClock(), { settings: { sticky: STICKY }, world: world() });
    await ask(gateway, get());
    cookie = cookieOf(await ask(gateway, get()))!;
  }
  // Another order, further endpoints, other settings.
  const others: Partial<UpstreamConfig> = { sticky: { ...STICKY, ttl: "1h" }, balance: "random", retry: false };
  await using same = gatewayTo([REFUSING, ...origins.urls.toReversed()], new FakeClock(), {
    settings: others,
    world: { ...world(), random: () => 0 },
    upstreams: { another: "http://127.0.0.1:2" },
    route: { mirror: { upstream: "another" } },
  });
  for (let i = 0; i < 3; i++) {
    const response = await ask(same, get(`cookie: ${cookie}`));
    assert.deepEqual([response.text, response.header("set-cookie")], ["origin 1", null]);
  }
  await using other = gatewayTo(origins.urls, new FakeClock(), {
    settings: { sticky: STICKY },
    world: world("another secret of some length"),
  });
  assert.ok(cookieOf(await ask(other, get(`cookie: ${cookie}`))) !== null);
});

Deno.test("ttl is the cookie's age", async () => {
  await using origins = await Origins.start();
  await using gateway = gatewayTo(origins.urls, new FakeClock(), {
    settings: { sticky: { ...STICKY, ttl: "90s" } },
    world: world(),
  });
  assert.match((await ask(gateway, get())).header("set-cookie")!, /; Max-Age=90(;|$)/);
});

Deno.test("the upstream's own cookies stay", async () => {
  await using origin = await ScriptedOrigin.start(answer(200, "", "set-cookie: a=1; Path=/", "set-cookie: b=2"));
  await using gateway = gatewayTo([origin.url], new FakeClock(), { settings: { sticky: STICKY }, world: world() });
  const response = await ask(gateway, get());
  const cookies = response.head.headerValues("set-cookie");
  assert.deepEqual(cookies.slice(0, 2), ["a=1; Path=/", "b=2"]);
  assert.match(cookies[2], /^gw=/);
});

Deno.test("a client whose endpoint is full goes elsewhere, and is led there from then on", async () => {
  await using a = await HoldingOrigin.start();
  await using b = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, b.url], new FakeClock(), {
    settings: { sticky: STICKY, maxInFlight: { perEndpoint: 1 } },
    world: world(),
  });
  await using first = await Pending.send(gateway, get());
  await a.release(0);
  const cookie = cookieOf(await first.response)!;
  await using second = await Pending.send(gateway, get(`cookie: ${cookie}`));
  await until(() => a.count === 2);
  await using third = await Pending.send(gateway, get(`cookie: ${cookie}`));
  await until(() => b.count === 1);
  await a.release(1);
  await b.release(0);
  assert.equal(cookieOf(await second.response), null);
  assert.ok(cookieOf(await third.response) !== null);
});

Deno.test("whoever answers in the end is whom the cookie names", async () => {
  await using bad = await answering(503, "bad");
  await using good = await answering(200, "good");
  await using gateway = gatewayTo([bad.url, good.url], new FakeClock(), {
    settings: { sticky: STICKY },
    world: world(),
  });
  const first = await ask(gateway, get());
  assert.equal(first.text, "good");
  const again = await ask(gateway, get(`cookie: ${cookieOf(first)}`));
  assert.deepEqual([again.text, again.header("set-cookie"), bad.requests.length], ["good", null, 1]);
});

Deno.test("a failure that the gateway tells of sets no cookie", async () => {
  await using gateway = gatewayTo([REFUSING], new FakeClock(), { settings: { sticky: STICKY }, world: world() });
  const response = await ask(gateway, get());
  assert.deepEqual([response.status, response.header("set-cookie")], [502, null]);
});

Deno.test("with hash the cookie comes first", async () => {
  await using origins = await Origins.start();
  await using gateway = gatewayTo(origins.urls, new FakeClock(), {
    settings: { sticky: STICKY, balance: "hash", hashBy: "header:x-user" },
    world: world(),
  });
  const texts = new Map<string, string>();
  for (let i = 0; i < 30; i++) {
    const response = await ask(gateway, get(`x-user: ${i}`));
    texts.set(response.text, cookieOf(response)!);
  }
  assert.equal(texts.size, 3);
  for (const [text, cookie] of texts) {
    for (const user of [1, 2]) {
      assert.equal((await ask(gateway, get(`x-user: ${user}`, `cookie: ${cookie}`))).text, text);
    }
  }
});

Deno.test("a client that a sticky cookie leads is not led elsewhere because its endpoint is slow once", async () => {
  const clock = new FakeClock();
  await using a = await HoldingOrigin.start();
  await using b = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, b.url], clock, {
    settings: { sticky: STICKY, hedge: { after: "200ms" } },
    world: world(),
  });
  await using first = await Pending.send(gateway, get());
  await a.release(0);
  const cookie = cookieOf(await first.response);
  await using second = await Pending.send(gateway, get(`cookie: ${cookie}`));
  await until(() => a.count === 2);
  clock.advance(1_000);
  await settle();
  assert.equal(b.count, 0, "the other one knows nothing of this client");
  await a.release(1, answer(200, "mine"));
  assert.equal((await second.response).text, "mine");
});
