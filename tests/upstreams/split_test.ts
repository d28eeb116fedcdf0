import { strict as assert } from "node:assert";
import type { Exchange } from "../../src/core/exchange.ts";
import type { Handler } from "../../src/core/handler.ts";
import { Reply } from "../../src/core/reply.ts";
import { splitOver } from "../../src/upstreams/split.ts";
import type { BranchPlan } from "../../src/upstreams/traffic_plan.ts";
import { type ExchangeOptions, makeExchange } from "../support/exchange.ts";
import { assertShares } from "./balancers/chi_square.ts";
import { seededRandom } from "./balancers/seeded_random.ts";

interface TestBranch {
  readonly name: string;
  readonly weight: number;
  readonly when?: BranchPlan["when"];
}

/** A split, and which of its branches took the last exchange. */
class Bed {
  taken = -1;
  readonly #handler: Handler;

  constructor(branches: readonly TestBranch[], stickyBy: readonly string[] = [], random = seededRandom(1)) {
    const answering = branches.map(({ name, weight, when = null }, i) => ({
      name,
      weight,
      when,
      handler: () => {
        this.taken = i;
        return Reply.text(200, name);
      },
    }));
    this.#handler = splitOver(answering, stickyBy, random);
  }

  take(exchange: Exchange | ExchangeOptions = {}): number {
    this.taken = -1;
    this.#handler("method" in exchange ? exchange as Exchange : makeExchange(exchange));
    return this.taken;
  }

  /** How often each branch takes a request, of users 0, 1, 2 …; each with that header. */
  counts(branches: number, requests: number): number[] {
    const counts = new Array<number>(branches).fill(0);
    for (let user = 0; user < requests; user++) counts[this.take(userOf(user))]++;
    return counts;
  }
}

function userOf(user: number): ExchangeOptions {
  return { headers: [["x-user", `user-${user}`]] };
}

const REQUESTS = 20_000;
const weightTables = [[90, 10], [1, 1], [1, 1, 1], [5, 3, 2], [999, 1], [0, 7, 3], [1000, 1, 1000, 1]];

for (const weights of weightTables) {
  for (const stickyBy of [[], ["header:x-user"]]) {
    Deno.test(`a split of ${weights} ${stickyBy.length > 0 ? "by user" : "by chance"} gives each branch its share`, () => {
      const bed = new Bed(
        weights.map((weight, i) => ({ name: ["stable", "canary", "next", "old"][i], weight })),
        stickyBy,
      );
      const counts = bed.counts(weights.length, REQUESTS),
        taking = weights.flatMap((weight, i) => weight > 0 ? [i] : []);
      assertShares(taking.map((i) => counts[i]), taking.map((i) => weights[i]));
      for (const [i, weight] of weights.entries()) if (weight === 0) assert.equal(counts[i], 0);
    });
  }
}

for (const [point, taken] of [[0, 0], [0.599_999, 0], [0.6, 2], [0.999_999_999_999, 2]]) {
  Deno.test(`at ${point} of the way, chance takes branch ${taken} of 6, 0 and 4`, () => {
    const branches = [6, 0, 4].map((weight, i) => ({ name: `b${i}`, weight }));
    assert.equal(new Bed(branches, [], () => point).take(), taken);
  });
}

Deno.test("the same key takes the same branch, in every request and every process", () => {
  const branches = [{ name: "stable", weight: 1 }, { name: "canary", weight: 1 }];
  const first = new Bed(branches, ["header:x-user"], seededRandom(1));
  const second = new Bed(branches, ["header:x-user"], seededRandom(2));
  for (let user = 0; user < 200; user++) assert.equal(first.take(userOf(user)), second.take(userOf(user)));
  // What was taken when this was written: a change would move the clients of those who update.
  assert.deepEqual(Array.from({ length: 12 }, (_, user) => first.take(userOf(user))).join(""), EXPECTED);
});

const EXPECTED = "100110111111";

for (
  const [what, before, after, gains] of [
    ["grows", [90, 10, 50], [90, 30, 50], [1]],
    ["shrinks", [90, 10, 50], [40, 10, 50], [1, 2]],
    ["goes", [90, 10, 50], [90, 0, 50], [0, 2]],
    ["comes", [90, 0, 50], [90, 10, 50], [1]],
  ] as const
) {
  Deno.test(`when one branch ${what}, only those clients move that must`, () => {
    const bedOf = (weights: readonly number[]) =>
      new Bed(["stable", "canary", "next"].map((name, i) => ({ name, weight: weights[i] })), ["header:x-user"]);
    const [old, young] = [bedOf(before), bedOf(after)];
    let moved = 0;
    for (let user = 0; user < REQUESTS; user++) {
      const from = old.take(userOf(user)), to = young.take(userOf(user));
      if (from === to) continue;
      moved++;
      assert.ok((gains as readonly number[]).includes(to), `from ${from} to ${to}`);
    }
    const share = (weights: readonly number[], i: number) => weights[i] / weights.reduce((sum, weight) => sum + weight);
    const due = gains.reduce<number>((sum, i) => sum + share(after, i) - share(before, i), 0) * REQUESTS;
    assertShares([moved, REQUESTS - moved], [due, REQUESTS - due]);
  });
}

Deno.test("a change of the order, or of a branch that takes no share, moves nobody", () => {
  const branches = [{ name: "stable", weight: 9 }, { name: "canary", weight: 4 }];
  const forced = { name: "canary", weight: 0, when: { header: "x-canary", value: null } };
  const beds = [branches, branches.toReversed(), [forced, ...branches]].map((list) => ({
    list,
    bed: new Bed(list, ["header:x-user"]),
  }));
  for (let user = 0; user < 2_000; user++) {
    const taken = beds.map(({ list, bed }) => list[bed.take(userOf(user))].name);
    assert.equal(new Set(taken).size, 1, `${taken}`);
  }
});

Deno.test("two branches to one upstream have their shares by key too", () => {
  const branches = [{ name: "stable", weight: 50 }, { name: "canary", weight: 40 }, { name: "stable", weight: 10 }];
  assertShares(new Bed(branches, ["header:x-user"]).counts(3, REQUESTS), [50, 40, 10]);
});

Deno.test("the first key that is present counts; without any it is chance", () => {
  const branches = [{ name: "stable", weight: 1 }, { name: "canary", weight: 1 }];
  const byUser = new Bed(branches, ["header:x-user"]), byIp = new Bed(branches, ["ip"]);
  const both = new Bed(branches, ["header:x-user", "ip"]);
  const client = (ip: string) => ({ ip, peer: ip, trusted: false });
  for (let i = 0; i < 200; i++) {
    const of = client(`192.0.2.${i}`);
    assert.equal(both.take({ ...userOf(i), client: of }), byUser.take(userOf(i)));
    assert.equal(both.take({ client: of }), byIp.take({ client: of }));
  }
  assertShares(new Bed(branches, ["header:x-user", "cookie:user"]).counts(2, REQUESTS), [1, 1]);
  let point = 0;
  const chance = new Bed(branches, ["header:x-absent"], () => point);
  assert.equal(chance.take(userOf(1)), 0);
  point = 0.9;
  assert.equal(chance.take(userOf(1)), 1);
});

const FORCED: readonly TestBranch[] = [
  { name: "stable", weight: 1 },
  { name: "beta", weight: 0, when: { header: "x-variant", value: "beta" } },
  { name: "canary", weight: 0, when: { header: "x-canary", value: null } },
  { name: "late", weight: 5, when: { header: "x-variant", value: "beta" } },
];

for (
  const [headers, taken] of [
    [[], 0],
    [[["x-variant", "beta"]], 1],
    [[["X-Variant", "beta"]], 1],
    [[["x-variant", "Beta"]], 0],
    [[["x-variant", "beta2"]], 0],
    [[["x-variant", "beta"], ["x-variant", "beta"]], 0],
    [[["x-canary", "1"]], 2],
    [[["x-canary", ""]], 2],
    // The first branch that matches, whatever the order of the fields.
    [[["x-canary", "1"], ["x-variant", "beta"]], 1],
  ] as const
) {
  Deno.test(`a request with ${headers.length === 0 ? "no field" : headers.map((pair) => pair.join(": "))} takes ${FORCED[taken].name}`, () => {
    for (const stickyBy of [[], ["ip"]]) {
      const bed = new Bed(FORCED.with(3, { ...FORCED[3], weight: 0 }), stickyBy);
      assert.equal(bed.take({ headers }), taken);
    }
  });
}

Deno.test("a forced branch that has a weight takes its share of the others too", () => {
  const branches = [{ name: "stable", weight: 1 }, {
    name: "beta",
    weight: 1,
    when: { header: "x-beta", value: null },
  }];
  const bed = new Bed(branches);
  assertShares(bed.counts(2, REQUESTS), [1, 1]);
  assert.equal(bed.take({ headers: [["x-beta", ""]] }), 1);
});

Deno.test("what a branch answers is the split's answer, at once where the branch answers at once", () => {
  const reply = Reply.text(200, "x");
  const handler = splitOver([{ name: "a", weight: 1, when: null, handler: () => reply }], [], () => 0);
  assert.equal(handler(makeExchange()), reply);
});

Deno.test("what is no key is refused when the split is built", () => {
  assert.throws(() => splitOver([], ["heder:x"], () => 0), /"heder:x" is not a key/);
});
