import { strict as assert } from "node:assert";
import type { RouteConfig } from "../../src/config/types/route.ts";
import { FakeClock } from "../support/fake_clock.ts";
import type { ScriptedOrigin } from "../support/scripted_origin.ts";
import {
  answering,
  ask,
  askInTime,
  type BedGateway,
  ENGINES,
  gatewayTo,
  get,
  REFUSING,
  request,
} from "./traffic_bed.ts";

/** Numbers from 0 to 1 that repeat themselves (Lehmer, with the constants of MINSTD). */
function seeded(): () => number {
  let state = 42;
  return () => (state = state * 48_271 % 2_147_483_647) / 2_147_483_647;
}

/** A gateway that splits between `old` and `canary`, and two origins that say which they are. */
class Bed implements AsyncDisposable {
  private constructor(
    readonly clock: FakeClock,
    readonly gateway: BedGateway,
    readonly old: ScriptedOrigin,
    readonly canary: ScriptedOrigin,
  ) {}

  static async start(
    split: NonNullable<RouteConfig["split"]>,
    options: Parameters<typeof gatewayTo>[2] = {},
  ): Promise<Bed> {
    const old = await answering(200, "old"), canary = await answering(200, "canary");
    const clock = new FakeClock();
    const gateway = gatewayTo([old.url], clock, {
      ...options,
      upstreams: { canary: canary.url },
      route: { ...options.route, split },
      world: { random: seeded(), ...options.world },
    });
    return new Bed(clock, gateway, old, canary);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    await this.old[Symbol.asyncDispose]();
    await this.canary[Symbol.asyncDispose]();
  }
}

const to = (old: number, canary: number, when?: `header:${string}`) => [
  { upstream: "o", weight: old },
  { upstream: "canary", weight: canary, ...when === undefined ? {} : { when } },
];

Deno.test("requests are shared out by weight", async () => {
  await using bed = await Bed.start({ to: to(80, 20) });
  await using client = await bed.gateway.connect();
  const count = 200;
  for (let i = 0; i < count; i++) assert.equal((await client.exchange(get())).status, 200);
  const share = bed.canary.requests.length / count;
  // Three standard deviations of a share of 0.2 among 200 are 0.085.
  assert.ok(Math.abs(share - 0.2) < 0.085, `a share of ${share}`);
  assert.equal(bed.old.requests.length + bed.canary.requests.length, count);
});

for (const engine of ENGINES) {
  Deno.test(`${engine}: a header sends a request to its branch, whatever the weights`, async () => {
    await using bed = await Bed.start({ to: to(1, 0, "header:X-Canary=1") }, { listen: { engine } });
    const texts: string[] = [];
    for (const fields of [[], ["x-canary: 1"], ["X-CANARY: 1"], ["x-canary: 2"], ["x-canary: 1, 1"], ["x-canary:"]]) {
      texts.push((await ask(bed.gateway, get(...fields))).text);
    }
    assert.deepEqual(texts, ["old", "canary", "canary", "old", "old", "old"]);
  });
}

Deno.test("a header that need only be there", async () => {
  await using bed = await Bed.start({ to: to(1, 0, "header:x-canary") });
  for (const value of ["1", "0", ""]) assert.equal((await ask(bed.gateway, get(`x-canary: ${value}`))).text, "canary");
  assert.equal((await ask(bed.gateway, get())).text, "old");
});

Deno.test("a branch of weight 0 gets nothing by chance, the one that is forced counts for the weights too", async () => {
  await using bed = await Bed.start({ to: to(3, 0, "header:x-canary") });
  for (let i = 0; i < 20; i++) assert.equal((await ask(bed.gateway, get())).text, "old");
});

Deno.test("a key stays with its branch, in another gateway too, and moves one way only when weights change", async () => {
  const places: Map<string, string>[] = [];
  for (const [old, canary] of [[80, 20], [80, 20], [50, 50]]) {
    await using bed = await Bed.start({ to: to(old, canary), stickyBy: "header:x-user" });
    await using client = await bed.gateway.connect();
    const place = new Map<string, string>();
    for (let round = 0; round < 2; round++) {
      for (let user = 0; user < 25; user++) {
        const { text } = await client.exchange(get(`x-user: ${user}`));
        assert.equal(place.get(`${user}`) ?? text, text);
        place.set(`${user}`, text);
      }
    }
    places.push(place);
  }
  const [first, second, grown] = places;
  assert.deepEqual(second, first);
  const canaries = (place: Map<string, string>) =>
    [...place].filter(([, text]) => text === "canary").map(([key]) => key);
  assert.ok(canaries(first).length > 0 && canaries(grown).length > canaries(first).length);
  assert.ok(canaries(first).every((key) => grown.get(key) === "canary"));
});

Deno.test("requests without the key go by chance, and the first key that is there counts", async () => {
  await using bed = await Bed.start({ to: to(1, 1), stickyBy: ["cookie:id", "header:x-user"] });
  const texts = new Set<string>();
  for (let i = 0; i < 15; i++) texts.add((await ask(bed.gateway, get())).text);
  assert.equal(texts.size, 2);
  const { text } = await ask(bed.gateway, get("cookie: id=7"));
  for (let user = 0; user < 10; user++) {
    assert.equal((await ask(bed.gateway, get("cookie: id=7", `x-user: ${user}`))).text, text);
  }
});

Deno.test("a header forces a request that has a key", async () => {
  await using bed = await Bed.start({ to: to(1, 0, "header:x-canary"), stickyBy: "header:x-user" });
  for (let user = 0; user < 5; user++) {
    assert.equal((await ask(bed.gateway, get(`x-user: ${user}`, "x-canary: 1"))).text, "canary");
  }
});

Deno.test("retries stay in their branch", async () => {
  await using bed = await Bed.start({ to: [{ upstream: REFUSING, weight: 0, when: "header:x-dead" }, ...to(1, 1)] });
  const response = await askInTime(bed.gateway, bed.clock, get("x-dead: 1"));
  assert.equal(response.status, 502);
  assert.equal((await bed.gateway.event()).attempts, 2);
  assert.equal(bed.old.requests.length + bed.canary.requests.length, 0);
});

Deno.test("every branch gets the route's rewritten path, and its timeouts and retries over its upstream's", async () => {
  await using bed = await Bed.start({ to: to(1, 0, "header:x-canary") }, {
    route: { path: "/api/*rest", rewrite: "/v2/*rest", retry: { attempts: 3 } },
  });
  await ask(bed.gateway, request("GET", "/api/users?id=7"));
  await ask(bed.gateway, request("GET", "/api/users?id=7", ["x-canary: 1"]));
  for (const origin of [bed.old, bed.canary]) assert.equal(origin.requests[0].target, "/v2/users?id=7");
});
