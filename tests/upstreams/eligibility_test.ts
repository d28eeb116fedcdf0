import { strict as assert } from "node:assert";
import fc from "fast-check";
import { Eligibility, type NoneReason } from "../../src/upstreams/eligibility.ts";
import type { OutlierPlan } from "../../src/upstreams/health/outlier_plan.ts";
import type { LiveEndpoint } from "../../src/upstreams/live_endpoint.ts";
import { UpstreamLoad } from "../../src/upstreams/upstream_load.ts";
import { type EndpointState, liveEndpoint, OUTLIERS } from "./endpoint_bed.ts";

const STATES: Record<string, EndpointState> = {
  up: { health: "up" },
  down: { health: "down" },
  ejected: { ejected: true },
  open: { breaker: "open" },
  closed: { breaker: "closed" },
  full: { full: true },
  backup: { tier: 1 },
  last: { tier: 2 },
};

/** An endpoint as tables have it: `"b backup full"`. */
function endpoint(text: string): LiveEndpoint {
  const [name, ...words] = text.split(" ");
  return liveEndpoint(name, Object.assign({}, ...words.map((word) => STATES[word])));
}

function bed(texts: readonly string[], outliers: OutlierPlan | null = OUTLIERS) {
  const load = new UpstreamLoad(), all = { endpoints: texts.map(endpoint), asked: 0 };
  const eligibility = new Eligibility(
    () => {
      all.asked++;
      return all.endpoints;
    },
    load,
    outliers,
  );
  return { all, load, eligibility, named: (name: string) => all.endpoints.find(({ id }) => id === `o/${name}`)! };
}

function names(endpoints: readonly LiveEndpoint[]): string {
  return endpoints.map(({ id }) => id.slice(2)).join(" ");
}

const panic = (panicThreshold: number): OutlierPlan => ({ ...OUTLIERS, panicThreshold });

const eligible: readonly [
  endpoints: string[],
  now: string,
  reason: NoneReason | null,
  outliers?: OutlierPlan | null,
][] = [
  [[], "", "unknown"],
  [["a", "b"], "a b", null],
  // Tiers.
  [["a", "b backup"], "a", null],
  [["b backup", "a"], "a", null],
  [["a down", "b backup", "c last"], "b", null],
  [["a open", "b backup", "c last", "d backup"], "b d", null],
  [["a ejected", "b backup"], "b", null],
  [["a backup", "b backup"], "a b", null],
  // A tier that is busy is waited for, as its backups are for when it is out.
  [["a full", "b backup"], "", "full"],
  [["a full", "b", "c backup"], "b", null],
  // Active checks.
  [["a up", "b down"], "a", null],
  [["a down", "b down"], "", "unhealthy"],
  [["a down", "b backup down"], "", "unhealthy"],
  // Ejection never takes the last that is up.
  [["a ejected", "b"], "b", null],
  [["a ejected", "b ejected"], "a b", null],
  [["a ejected"], "a", null],
  [["a ejected", "b down"], "a", null],
  // Nor does it, where the others are kept away from by their breakers.
  [["a ejected", "b open"], "a", null],
  [["a ejected open", "b open"], "", "open"],
  [["a ejected", "b full"], "", "full"],
  [["a ejected", "b"], "a b", null, null],
  // Panic: too few are left, of those that are up.
  [["a ejected", "b ejected", "c"], "c", null, panic(0.33)],
  [["a ejected", "b ejected", "c"], "a b c", null, panic(0.34)],
  [["a ejected", "b", "c down", "d down"], "b", null, panic(0.5)],
  [["a ejected", "b ejected", "c"], "a b c", null, panic(1)],
  // Breakers.
  [["a open", "b closed"], "b", null],
  [["a open", "b open"], "", "open"],
  [["a open", "b down"], "", "open"],
  [["a open full"], "", "open"],
  // Busy ones.
  [["a full", "b"], "b", null],
  [["a full", "b full"], "", "full"],
  [["a full", "b open"], "", "full"],
];

for (const [endpoints, now, reason, outliers = OUTLIERS] of eligible) {
  const limit = outliers === null ? "without outliers" : `panic below ${outliers.panicThreshold}`;
  Deno.test(`of [${endpoints}] with ${limit}, [${now}] are eligible${reason === null ? "" : `: ${reason}`}`, () => {
    const { eligibility } = bed(endpoints, outliers);
    assert.equal(names(eligibility.now), now);
    if (reason !== null) assert.equal(eligibility.reason, reason);
  });
}

/** `other`: one that was not tried may be used, now or when it is free; `spare`: now, and of the tier in use. */
const besides: readonly [endpoints: string[], tried: string, left: string, other: boolean, spare: boolean][] = [
  [["a", "b", "c"], "a", "b c", true, true],
  [["a", "b", "c"], "a c", "b", true, true],
  [[], "", "", false, false],
  // All were tried: once more, but not the one that was tried last.
  [["a"], "a", "a", false, false],
  [["a", "b"], "a b", "a", false, false],
  [["a", "b"], "b a", "b", false, false],
  [["a", "b", "c"], "a b c a", "b c", false, false],
  [["a", "b backup"], "a b", "a", false, false],
  [["a", "b backup"], "a b a", "a", false, false],
  // The next tier that has one that was not tried.
  [["a", "b backup", "c last"], "a", "b", true, false],
  [["a", "b last", "c backup"], "a", "c", true, false],
  [["a", "b backup", "c last"], "a b", "c", true, false],
  [["a", "b", "c backup"], "a", "b", true, true],
  // Only what may be used.
  [["a", "b down", "c backup"], "a", "c", true, false],
  [["a", "b open", "c backup open", "d last"], "a", "d", true, false],
  [["a", "b down", "c open", "d ejected"], "a", "a", false, false],
  [["a down"], "a", "", false, false],
  // One that is busy is waited for, but not where a higher tier has one that is not.
  [["a", "b full"], "a", "", true, false],
  [["a", "b full", "c backup"], "a", "c", true, false],
  [["a", "b backup full", "c last"], "a", "c", true, false],
  [["a", "b backup full"], "a", "", true, false],
  [["a full", "b full"], "a", "", true, false],
  [["a full", "b"], "b", "", true, false],
  [["a full"], "a", "", false, false],
];

for (const [endpoints, tried, left, other, spare] of besides) {
  Deno.test(`of [${endpoints}], when [${tried}] were tried, [${left}] are left`, () => {
    const { eligibility, named } = bed(endpoints), before = tried === "" ? [] : tried.split(" ").map(named);
    assert.equal(names(eligibility.besides(before)), left);
    assert.deepEqual([eligibility.hasOther(before), eligibility.hasSpare(before)], [other, spare]);
  });
}

Deno.test("an endpoint that was made anew meanwhile was tried all the same", () => {
  const { eligibility } = bed(["a", "b"]);
  assert.equal(names(eligibility.besides([endpoint("a")])), "b");
});

Deno.test("it is the same array until something has changed", () => {
  const { eligibility, load, all, named } = bed(["a", "b"]);
  const first = eligibility.now;
  named("a").load.inFlight = 1;
  assert.equal(eligibility.now, first);
  assert.equal(all.asked, 1);
  load.touch();
  const second = eligibility.now;
  assert.equal(names(second), "b");
  assert.equal(eligibility.now, second);
  assert.equal(all.asked, 2);
});

Deno.test("it is the same array although shares grew when the endpoints were looked at", () => {
  const load = new UpstreamLoad();
  let grows = true;
  const eligibility = new Eligibility(
    () => {
      if (grows) load.touch();
      grows = false;
      return [endpoint("a")];
    },
    load,
    null,
  );
  const first = eligibility.now;
  assert.equal(eligibility.now, first);
});

Deno.test("the reason is that of the moment, whether or not anybody has looked for endpoints", () => {
  const { eligibility, load, all } = bed(["a full"]);
  // A limit of the whole upstream is met before its endpoints are looked at.
  assert.equal(eligibility.reason, "full");
  all.endpoints = [endpoint("a down")];
  load.touch();
  assert.equal(eligibility.reason, "unhealthy");
});

Deno.test("endpoints that let others in while they are looked at do not confuse it", () => {
  const load = new UpstreamLoad(), seen: string[] = [];
  let first = true;
  const eligibility: Eligibility = new Eligibility(
    () => {
      // As an endpoint set does, when an endpoint's share has grown.
      if (first) {
        first = false;
        load.touch();
      }
      return [endpoint("a")];
    },
    load,
    null,
  );
  const waiter = {
    proceed() {
      seen.push(names(eligibility.now));
      return load.leave(waiter);
    },
  };
  load.wait(waiter);
  assert.equal(names(eligibility.now), "a");
  assert.deepEqual(seen, ["a"]);
});

const word = fc.constantFrom("up", "down", "ejected", "open", "closed", "full", "backup", "last");
const described = fc.array(fc.array(word, { maxLength: 3 }), { maxLength: 6 })
  .map((list) => list.map((words, i) => ["abcdef"[i], ...words].join(" ")));

Deno.test("property: what is eligible may be used, is of one tier, and is all of it that is not busy", () => {
  let some = 0;
  fc.assert(fc.property(described, fc.constantFrom(0, 0.3, 0.7), (texts, threshold) => {
    const { eligibility, all: { endpoints } } = bed(texts, panic(threshold)), { now } = eligibility;
    const up = endpoints.filter((each) => each.up), kept = up.filter((each) => !each.ejected);
    const admitted = (list: readonly LiveEndpoint[]) => list.filter(({ breaker }) => breaker?.admits !== false);
    const heeded = admitted(kept).length > 0 && kept.length / up.length >= threshold;
    const usable = admitted(heeded ? kept : up);
    const tier = Math.min(...usable.map(({ plan }) => plan.tier));
    assert.deepEqual(names(now), names(usable.filter((each) => each.plan.tier === tier && !each.full)));
    if (now.length > 0) some++;
    for (const tried of endpoints) {
      const left = eligibility.besides([tried]), untried = usable.filter((each) => each !== tried);
      for (const each of left) assert.ok(usable.includes(each) && !each.full);
      assert.equal(left.length > 0, untried.length > 0 ? untried.some(({ full }) => !full) : now.length > 0);
      if (untried.length > 0) assert.ok(!left.includes(tried), "tried again while there is another");
      assert.equal(eligibility.hasOther([tried]), untried.length > 0);
      assert.equal(eligibility.hasSpare([tried]), now.some((each) => each !== tried));
    }
  }));
  assert.ok(some > 20);
});
