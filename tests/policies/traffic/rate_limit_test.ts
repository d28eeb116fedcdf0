import { strict as assert } from "node:assert";
import type { LimitOutcome } from "../../../src/core/exchange.ts";
import { makeEnv, makeExchange, readText, ScriptedBody } from "../../support/exchange.ts";
import { memoryStore } from "../../support/open_store.ts";
import { type AnyLimits, AwayStore, LimitBed } from "./rate_limit_bed.ts";

const from = (ip: string) => ({ client: { ip, peer: ip, trusted: false } });
const withHeaders = (...headers: [string, string][]) => ({ headers });

Deno.test("rateLimit() passes what fits and answers the rest with 429, until time has passed", () => {
  const bed = new LimitBed({ limit: 2, per: "10s" });
  assert.deepEqual(bed.statuses(3), [200, 200, 429]);
  bed.env.clock.advance(5_000);
  assert.deepEqual(bed.statuses(2), [200, 429]);
  assert.equal(bed.reached, 3);
});

Deno.test("rateLimit() refuses with a problem document, Retry-After and what is left", async () => {
  const bed = new LimitBed({ limit: 1, per: "1m" });
  bed.ask();
  const { exchange, reply } = bed.ask();
  const { code, status, detail, requestId } = JSON.parse(await readText(reply.body));
  assert.deepEqual([code, status, requestId], ["rate_limited", 429, "req-1"]);
  assert.equal(detail, "Too many requests: try again in 60 seconds.");
  assert.deepEqual([exchange.error, exchange.limit], ["rate_limited", "refused"]);
  assert.deepEqual(
    ["retry-after", "ratelimit-policy", "ratelimit"].map((name) => reply.header(name)),
    ["60", '"1-per-1m";q=1;w=60', '"1-per-1m";r=0;t=60'],
  );
});

Deno.test("rateLimit() tells clients of their limits in the fields that were asked for", () => {
  const cases: [AnyLimits["headers"], string[]][] = [
    [undefined, ["ratelimit-policy", '"5-per-1s";q=5;w=1', "ratelimit", '"5-per-1s";r=4;t=1']],
    ["none", []],
    ["legacy", ["x-ratelimit-limit", "5", "x-ratelimit-remaining", "4", "x-ratelimit-reset", "1"]],
    ["both", [
      ...["ratelimit-policy", '"5-per-1s";q=5;w=1', "ratelimit", '"5-per-1s";r=4;t=1'],
      ...["x-ratelimit-limit", "5", "x-ratelimit-remaining", "4", "x-ratelimit-reset", "1"],
    ]],
  ];
  for (const [headers, expected] of cases) {
    assert.deepEqual(new LimitBed({ limit: 5, per: "1s", headers }).ask().reply.headers.flat(), expected, headers);
  }
});

Deno.test("rateLimit() writes its fields beside those of a policy within, and the legacy ones of whoever has less left", () => {
  const bed = new LimitBed({ limit: 9, per: "1s", headers: "both", name: "outer" });
  bed.fields = ["ratelimit", '"inner";r=3;t=1', "x-ratelimit-limit", "4", "x-ratelimit-remaining", "3"];
  const { reply } = bed.ask();
  assert.equal(reply.header("ratelimit"), '"inner";r=3;t=1, "outer";r=8;t=1');
  assert.equal(reply.header("x-ratelimit-remaining"), "3");
  bed.fields = ["x-ratelimit-limit", "40", "x-ratelimit-remaining", "30"];
  assert.equal(bed.ask().reply.header("x-ratelimit-limit"), "9");
});

Deno.test("rateLimit() decides several limits together: none is charged when another refuses", () => {
  const bed = new LimitBed({ limits: [{ limit: 2, per: "1s" }, { limit: 5, per: "1h", algorithm: "fixed-window" }] });
  assert.deepEqual(bed.statuses(4), [200, 200, 429, 429]);
  const { reply } = bed.ask();
  assert.equal(reply.header("ratelimit"), '"2-per-1s";r=0;t=1, "5-per-1h";r=3;t=3600');
  bed.env.clock.advance(1_000);
  assert.deepEqual(bed.statuses(3), [200, 200, 429]);
  bed.env.clock.advance(1_000);
  assert.deepEqual(bed.statuses(2), [200, 429], "the hour is spent");
});

Deno.test("rateLimit() gives limits of one policy keys of their own", () => {
  const bed = new LimitBed({ limits: [{ limit: 3, per: "1m", key: "global" }, { limit: 1, per: "1m" }] });
  const statuses = ["a", "a", "b", "c", "d"].map((ip) => bed.ask(from(ip)).reply.status);
  assert.deepEqual(statuses, [200, 429, 200, 200, 429]);
});

Deno.test("rateLimit() counts by the first key that is present, and all together that have none", () => {
  const bed = new LimitBed({ limit: 1, per: "1m", key: ["header:x-user", "query:user"] });
  const cases: [Parameters<LimitBed["ask"]>[0], number][] = [
    [withHeaders(["x-user", "ann"]), 200],
    [withHeaders(["X-User", "ann"]), 429],
    [withHeaders(["x-user", "bob"]), 200],
    [{ query: "?user=ann" }, 200],
    [{ query: "?user=ann" }, 429],
    [{}, 200],
    [{ path: "/other" }, 429],
    [withHeaders(["x-user", ""]), 429],
  ];
  for (const [request, status] of cases) assert.equal(bed.ask(request).reply.status, status, JSON.stringify(request));
});

Deno.test("rateLimit() lets nobody use up the limit of another by naming him in a header", () => {
  const bed = new LimitBed({ limit: 1, per: "1m", key: ["header:x-user", "ip"] });
  assert.equal(bed.ask(withHeaders(["x-user", "192.0.2.7"])).reply.status, 200);
  assert.equal(bed.ask(from("192.0.2.7")).reply.status, 200);
});

Deno.test("rateLimit() counts an IPv6 client by its /64 unless told otherwise", () => {
  const ask = (bed: LimitBed, ip: string) => bed.ask(from(ip)).reply.status;
  const bed = new LimitBed({ limit: 1, per: "1m" });
  assert.deepEqual(["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"].map((ip) => ask(bed, ip)), [200, 429, 200]);
  assert.deepEqual(["10.0.0.1", "10.0.0.2"].map((ip) => ask(bed, ip)), [200, 200]);
  const each = new LimitBed({ limit: 1, per: "1m", key: "ip/32/128" });
  assert.deepEqual(["2001:db8::1", "2001:db8::2"].map((ip) => ask(each, ip)), [200, 200]);
  const nets = new LimitBed({ limit: 1, per: "1m", key: "ip/24/48" });
  assert.deepEqual(["10.0.0.1", "10.0.0.2", "10.0.1.1"].map((ip) => ask(nets, ip)), [200, 429, 200]);
});

Deno.test("rateLimit() counts by a function", () => {
  const bed = new LimitBed({ limit: 1, per: "1m", key: (ctx) => ctx.header("x-real-ip") ?? ctx.client.ip });
  const statuses = ["a", "a", "b"].map((ip) => bed.ask(withHeaders(["x-real-ip", ip])).reply.status);
  assert.deepEqual(statuses, [200, 429, 200]);
  const wrong = new LimitBed({ limit: 1, per: "1m", key: (() => 7) as unknown as () => string });
  assert.throws(() => wrong.ask(), /returned a number/);
});

Deno.test("rateLimit() counts by facts that policies before it gave", () => {
  const bed = new LimitBed({ limit: 1, per: "1m", key: ["jwt:sub", "consumer", "basic:user", "param:id", "route"] });
  const asked = (change: (exchange: ReturnType<typeof makeExchange>) => void) => {
    const exchange = makeExchange({ params: {}, route: "GET /" });
    change(exchange);
    return bed.ask(exchange).reply.status;
  };
  const changes: ((exchange: ReturnType<typeof makeExchange>) => void)[] = [
    (x) => x.identity = { claims: { sub: "a" } },
    (x) => x.identity = { consumer: "a" },
    (x) => x.identity = { user: "a" },
    (x) => x.readParams = () => ({ id: "a" }),
    () => {},
  ];
  assert.deepEqual([...changes, ...changes].map(asked), [200, 200, 200, 200, 200, 429, 429, 429, 429, 429]);
});

Deno.test("rateLimit() has a limit for each value of a key, and one for the others", () => {
  const limit = { by: "header:x-plan", is: { free: 1, pro: 3 } } as const;
  const bed = new LimitBed({ limit, per: "1m", key: "header:x-user" });
  const count = (user: string, plan: string) =>
    bed.statuses(5, withHeaders(["x-user", user], ["x-plan", plan])).filter((status) => status === 200).length;
  assert.deepEqual([count("a", "free"), count("b", "pro"), count("c", "gold"), count("d", "")], [1, 3, 1, 1]);
  const other = new LimitBed({ limit: { ...limit, otherwise: 2 }, per: "1m" });
  assert.deepEqual(other.statuses(3), [200, 200, 429]);
  assert.equal(other.ask(withHeaders(["x-plan", "pro"])).reply.header("ratelimit-policy"), '"per-1m";q=3;w=60');
});

Deno.test("rateLimit() charges what a request costs, and nothing for 0", () => {
  const bed = new LimitBed({ limit: 10, per: "1m", cost: (ctx) => Number(ctx.header("x-cost")) });
  const ask = (cost: string) => bed.ask(withHeaders(["x-cost", cost])).reply;
  assert.deepEqual(["4", "0.5", "0", "6", "5", "1"].map((cost) => ask(cost).status), [200, 200, 200, 429, 200, 429]);
  assert.equal(ask("11").header("retry-after"), null, "never");
  for (const cost of ["x", "-1", "Infinity"]) assert.throws(() => ask(cost), /cost returned/);
  assert.deepEqual(new LimitBed({ limit: 10, per: "1m", cost: 5 }).statuses(3), [200, 200, 429]);
});

Deno.test("rateLimit() charges afterwards what the response says that its request did cost", () => {
  const bed = new LimitBed({ limit: 100, per: "1m", cost: 10, costHeader: "X-Tokens" });
  const left = (...fields: string[]) => {
    bed.fields = fields;
    bed.ask();
    bed.fields = [];
    return /r=(\d+)/.exec(new LimitProbe(bed).ratelimit)![1];
  };
  assert.equal(left("x-tokens", "30"), "60", "30, and 10 for asking");
  assert.equal(left("x-tokens", "0"), "50", "10 were given back");
  assert.equal(left(), "30", "it says nothing");
  assert.equal(left("x-tokens", "many"), "10", "nor what can be read");
  bed.fields = ["x-tokens", "1000"];
  assert.deepEqual(bed.statuses(3), [200, 429, 429], "what is over is paid for later");
});

/** What a request that costs the usual sees. */
class LimitProbe {
  readonly ratelimit: string;

  constructor(bed: LimitBed) {
    this.ratelimit = bed.ask().reply.header("ratelimit")!;
  }
}

Deno.test("rateLimit() does not count exempt requests", () => {
  const bed = new LimitBed({
    limit: 1,
    per: "1m",
    key: "global",
    exempt: { ip: ["10.0.0.0/8", "2001:db8::/32"], consumer: ["batch"] },
  });
  const batch = makeExchange();
  batch.identity = { consumer: "batch" };
  assert.equal(bed.ask(from("10.1.2.3")).reply.header("ratelimit"), null);
  assert.deepEqual([bed.ask(from("2001:db8::9")), bed.ask(batch)].map(({ reply }) => reply.status), [200, 200]);
  assert.deepEqual(bed.statuses(2, from("11.0.0.1")), [200, 429]);
  assert.equal(bed.ask(from("10.1.2.3")).reply.status, 200);
});

Deno.test("rateLimit() says of each request what became of it, and nothing of those that it does not count", () => {
  const bed = new LimitBed({ limit: 1, per: "1m", exempt: { ip: ["10.0.0.0/8"] } });
  const outcome = (ip: string, before: LimitOutcome = "") => {
    const exchange = makeExchange(from(ip));
    exchange.limit = before;
    return bed.ask(exchange).exchange.limit;
  };
  assert.deepEqual([outcome("11.0.0.1"), outcome("11.0.0.1"), outcome("10.0.0.1")], ["passed", "refused", ""]);
  assert.equal(outcome("12.0.0.1", "delayed"), "delayed", "another limit has done more than let it pass");
});

Deno.test("rateLimit() in dry run refuses and says nothing, and logs a line a second", () => {
  const bed = new LimitBed({ limit: 1, per: "1h", dryRun: true });
  assert.deepEqual(bed.statuses(4), [200, 200, 200, 200]);
  const { exchange, reply } = bed.ask();
  assert.deepEqual([exchange.limit, exchange.error, reply.headers.flat()], ["would-refuse", "", []]);
  bed.env.clock.advance(1_000);
  bed.ask();
  assert.deepEqual(bed.env.logged.map(({ level, fields }) => [level, fields?.policy, fields?.count]), [
    ["info", "route/rateLimit", 1],
    ["info", "route/rateLimit", 4],
  ]);
});

Deno.test("rateLimit() as a leaky bucket lets one go on each interval, and refuses who would wait too long", async () => {
  const bed = new LimitBed({ algorithm: "leaky-bucket", limit: 2, per: "1s", maxDelay: "1s" });
  const asked = Array.from({ length: 4 }, () => bed.askLater());
  await bed.env.clock.pass(0);
  assert.equal(bed.reached, 1);
  assert.equal((await asked[3]).reply.status, 429);
  await bed.env.clock.pass(499);
  assert.equal(bed.reached, 1);
  await bed.env.clock.pass(1);
  assert.equal(bed.reached, 2);
  await bed.env.clock.pass(500);
  assert.deepEqual((await Promise.all(asked)).map(({ exchange }) => exchange.limit), [
    "passed",
    "delayed",
    "delayed",
    "refused",
  ]);
  assert.equal(bed.env.clock.pending, 0);
});

Deno.test("rateLimit() as a leaky bucket sends nothing upstream for a client that left its line", async () => {
  const bed = new LimitBed({ algorithm: "leaky-bucket", limit: 1, per: "1s", maxDelay: "5s" });
  bed.ask();
  const exchange = makeExchange(), reply = bed.handler(exchange);
  exchange.abort();
  assert.equal((await reply).status, 499);
  assert.deepEqual([bed.reached, bed.env.clock.pending], [1, 0]);
});

Deno.test("rateLimit() knows a form's field in the body, and the body goes on whole", async () => {
  const multipart = ["--b", 'content-disposition: form-data; name="user"', "", "ann", "--b--", ""].join("\r\n");
  const cases: [type: string, body: string][] = [
    ["application/x-www-form-urlencoded", "a=1&user=ann&b=2"],
    ["application/x-www-form-urlencoded; charset=utf-8", "user=%61nn"],
    ['multipart/form-data; boundary="b"', multipart],
    ["Multipart/Form-Data; charset=utf-8; Boundary=b", multipart],
  ];
  const env = makeEnv(), bed = new LimitBed({ limit: cases.length, per: "1m", key: "form:user" }, env);
  for (const [type, text] of cases) {
    const body = new ScriptedBody([...text].map((letter) => letter));
    const { exchange, reply } = await bed.askLater({ body, headers: [["content-type", type]] });
    assert.equal(reply.status, 200, type);
    assert.equal(await readText(exchange.body), text);
  }
  const bytes = new TextEncoder().encode("user=ann");
  const again = await bed.askLater({ body: bytes, headers: [["content-type", cases[0][0]]] });
  assert.deepEqual([again.reply.status, await readText(again.exchange.body)], [429, "user=ann"]);
});

Deno.test("rateLimit() looks for a form's field in the first 64 KiB, and counts bodies without it together", async () => {
  const bed = new LimitBed({ limit: 1, per: "1m", key: "form:user" });
  const long = `a=${"x".repeat(70_000)}&user=ann`;
  const bodies: [type: string, text: string][] = [
    ["application/x-www-form-urlencoded", long],
    ["application/json", '{"user":"ann"}'],
    ["multipart/form-data", "no boundary"],
    ["multipart/form-data; boundary=b", "--b\r\nnonsense"],
  ];
  const statuses: number[] = [];
  for (const [type, text] of bodies) {
    const body = new ScriptedBody([text.slice(0, 60_000), text.slice(60_000)].filter((piece) => piece !== ""));
    const { exchange, reply } = await bed.askLater({ body, headers: [["content-type", type]] });
    statuses.push(reply.status);
    assert.equal(await readText(exchange.body), text, type);
  }
  assert.deepEqual(statuses, [200, 429, 429, 429]);
});

Deno.test("rateLimit() does as it was told while the store is away", async () => {
  const cases: [AnyLimits["onStoreError"], number[], limit: string][] = [
    [undefined, [200, 200, 429], "refused"],
    ["local", [200, 200, 429], "refused"],
    ["allow", [200, 200, 200], "store-away"],
    ["deny", [503, 503, 503], "store-away"],
  ];
  for (const [onStoreError, expected, limit] of cases) {
    const env = makeEnv(), store = new AwayStore(memoryStore(env.clock));
    const bed = new LimitBed({ limit: 2, per: "1m", onStoreError }, { ...env, store: () => store });
    const asked = [await bed.askLater(), await bed.askLater(), await bed.askLater()];
    assert.deepEqual(asked.map(({ reply }) => reply.status), expected, onStoreError);
    assert.equal(asked[2].exchange.limit, limit);
    assert.equal(bed.reached, expected.filter((status) => status === 200).length);
    if (onStoreError === "deny") {
      assert.deepEqual([asked[0].exchange.error, asked[0].reply.header("retry-after")], [
        "limit_store_unavailable",
        "1",
      ]);
    }
    store.away = false;
    assert.equal((await bed.askLater()).reply.status, 200, "the store has counted nothing");
  }
});

Deno.test("rateLimit() begins nothing anew in this process when the store goes away", async () => {
  const env = makeEnv(), store = new AwayStore(memoryStore(env.clock));
  store.away = false;
  const bed = new LimitBed({ limit: 4, per: "1h", cost: 1, costHeader: "x-cost" }, { ...env, store: () => store });
  bed.fields = ["x-cost", "2"];
  await bed.askLater();
  bed.fields = [];
  await bed.askLater();
  store.away = true;
  const statuses = [await bed.askLater(), await bed.askLater()].map(({ reply }) => reply.status);
  assert.deepEqual(statuses, [200, 429]);
});

Deno.test("rateLimit() gives up a request whose client left while the store was asked", async () => {
  const env = makeEnv(), store = new AwayStore(memoryStore(env.clock));
  store.away = false;
  const bed = new LimitBed({ limit: 2, per: "1m" }, { ...env, store: () => store });
  const exchange = makeExchange(), reply = bed.handler(exchange);
  exchange.abort();
  assert.deepEqual([(await reply).status, bed.reached], [499, 0]);
});

Deno.test("rateLimit() in dry run gives nothing back that was not charged", () => {
  const bed = new LimitBed({ limit: 10, per: "1h", cost: 10, costHeader: "x-cost", dryRun: true });
  bed.ask();
  bed.fields = ["x-cost", "0"];
  assert.equal(bed.ask().exchange.limit, "would-refuse");
  assert.equal(bed.ask().exchange.limit, "would-refuse");
});

Deno.test("rateLimit() tells when there is more to be had, and not when there is all", () => {
  const cases: [AnyLimits, first: string, refused: string][] = [
    [{ limit: 60, per: "1h", burst: 2 }, '"60-per-1h";r=1;t=60', '"60-per-1h";r=0;t=60'],
    [{ limit: 2, per: "1h", algorithm: "fixed-window" }, '"2-per-1h";r=1;t=3600', '"2-per-1h";r=0;t=3600'],
    [{ limit: 2, per: "1h", algorithm: "sliding-window" }, '"2-per-1h";r=1;t=7200', '"2-per-1h";r=0;t=5400'],
  ];
  for (const [options, first, refused] of cases) {
    const bed = new LimitBed(options);
    assert.equal(bed.ask().reply.header("ratelimit"), first);
    bed.ask();
    assert.equal(bed.ask().reply.header("ratelimit"), refused);
  }
  const bed = new LimitBed({ limit: 10, per: "100ms", cost: (ctx) => Number(ctx.header("x-cost")) });
  const { reply } = bed.ask(withHeaders(["x-cost", "0"]));
  assert.equal(reply.header("ratelimit"), '"10-per-100ms";r=10', "nothing was used");
  assert.equal(reply.header("ratelimit-policy"), '"10-per-100ms";q=10', "no whole seconds");
});

Deno.test("rateLimit() follows a limit that is turned", () => {
  const env = makeEnv(), knobs = new Map<string, { value: number }>();
  const bed = new LimitBed({ limit: 2, per: "1m" }, {
    ...env,
    knob(id, value) {
      knobs.set(id, { value });
      return {
        id,
        get value() {
          return knobs.get(id)!.value;
        },
      };
    },
  });
  assert.deepEqual(bed.statuses(3), [200, 200, 429]);
  knobs.get("route/rateLimit/limit")!.value = 4.5;
  assert.equal(bed.ask().reply.header("ratelimit-policy"), '"2-per-1m";q=4;w=60');
});
