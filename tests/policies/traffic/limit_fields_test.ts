import { strict as assert } from "node:assert";
import { HeaderList } from "../../../src/core/header_list.ts";
import { ruleOf, type Verdict } from "../../../src/core/limit.ts";
import { Reply } from "../../../src/core/reply.ts";
import { defineAlgorithm } from "../../../src/policies/traffic/define_algorithm.ts";
import { rateLimitDefinition } from "../../../src/policies/traffic/rate_limit.ts";
import { LimitFields, seconds } from "../../../src/policies/traffic/rate_limit/limit_fields.ts";
import { rateLimitSchema } from "../../../src/policies/traffic/rate_limit_schema.ts";
import { makeEnv, makeExchange } from "../../support/exchange.ts";
import { type AnyLimits, LimitBed } from "./rate_limit_bed.ts";

const LONGEST = 999_999_999_999_999;

type Member = readonly [name: string, params: Readonly<Record<string, number>>];

/** A list of strings with whole numbers as parameters (RFC 9651 §4.2). @throws where it is anything else */
function parseList(text: string): Member[] {
  const members: Member[] = [],
    one = /"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"((?:; *[a-z*][a-z0-9_.*-]*=-?\d{1,15})*)/y;
  for (const gap = /[ \t]*,[ \t]*/y; one.lastIndex < text.length;) {
    if (members.length > 0) {
      gap.lastIndex = one.lastIndex;
      assert.ok(gap.test(text), `a comma at ${one.lastIndex} of ${text}`);
      one.lastIndex = gap.lastIndex;
    }
    const at = one.lastIndex, found = one.exec(text);
    assert.ok(found !== null, `a member at ${at} of ${text}`);
    const params = found[2].split(";").slice(1).map((param) => param.trim().split("="));
    members.push([found[1], Object.fromEntries(params.map(([name, value]) => [name, Number(value)]))]);
  }
  return members;
}

/** What the first request is told. */
function told(options: AnyLimits, name: string): string {
  return new LimitBed(options).ask().reply.header(name) ?? "";
}

Deno.test("RateLimit fields are lists that parse, whatever the limits are called", () => {
  const names = ["a,b;c=d", "q=1, w=2", "it's", "~!#$%&()*+-./:<=>?@[]^_`{|}"];
  const options = { limits: names.map((name, i) => ({ name, limit: i + 1, per: "1m" } as const)) };
  assert.deepEqual(parseList(told(options, "ratelimit-policy")), names.map((name, i) => [name, { q: i + 1, w: 60 }]));
  assert.deepEqual(parseList(told(options, "ratelimit")), names.map((name, i) => [name, { r: i, t: 60 / (i + 1) }]));
});

Deno.test("RateLimit-Policy tells a window in whole seconds, or not at all", () => {
  const cases: [per: "1s" | "1500ms" | "999ms" | "366d", w: number | undefined][] = [
    ["1s", 1],
    ["1500ms", undefined],
    ["999ms", undefined],
    ["366d", 366 * 86_400],
  ];
  for (const [per, w] of cases) {
    const [[, params]] = parseList(told({ limit: 5, per }, "ratelimit-policy"));
    assert.deepEqual(params, w === undefined ? { q: 5 } : { q: 5, w }, per);
  }
});

Deno.test("RateLimit tells a time never too early, and in no more digits than a structured field has", () => {
  const cases: [micros: number, told: number][] = [[0, 0], [1, 1], [1_000_000, 1], [1_000_001, 2], [1e30, LONGEST], [
    Infinity,
    LONGEST,
  ]];
  for (const [micros, told] of cases) assert.equal(seconds(micros), told, String(micros));
  const verdict = (resetAfter: number, retryAfter: number): Verdict => ({
    admitted: retryAfter === 0,
    remaining: 0,
    resetAfter,
    retryAfter,
    delay: 0,
  });
  const slow = defineAlgorithm({ name: "slow", size: 1, take: () => verdict(0, 0), charge() {} });
  const { limits } = rateLimitSchema.parse({ limit: 1, per: "1s", name: "slow", algorithm: slow });
  const times: [resetAfter: number, retryAfter: number, t: number][] = [
    [1e30, 0, LONGEST],
    [5_000_000, 1e30, LONGEST],
    [5_000_000, Infinity, 5],
  ];
  for (const [resetAfter, retryAfter, t] of times) {
    const headers = HeaderList.of();
    new LimitFields(limits, "ietf").write(headers, [verdict(resetAfter, retryAfter)], [
      ruleOf({ limit: 1, per: 1000 }),
    ]);
    assert.deepEqual(parseList(headers.get("ratelimit")!), [["slow", { r: 0, t }]]);
  }
});

Deno.test("X-RateLimit fields tell of the limit that has least left, wherever it stands", () => {
  const limits = [3, 2, 4].map((limit) => ({ limit, per: "1m", algorithm: "fixed-window" } as const));
  for (const order of [[0, 1, 2], [1, 0, 2], [2, 0, 1]]) {
    const { reply } = new LimitBed({ limits: order.map((i) => limits[i]), headers: "legacy" }).ask();
    assert.deepEqual(reply.headers.flat(), [
      ...["x-ratelimit-limit", "2", "x-ratelimit-remaining", "1", "x-ratelimit-reset", "60"],
    ]);
  }
});

Deno.test("X-RateLimit fields of two policies are those of the one that has least left", () => {
  for (const [outer, inner] of [[9, 4], [4, 9], [20, 100], [100, 20], [9, 100]]) {
    const env = makeEnv(), within = new LimitBed({ limit: inner, per: "1m", headers: "both" }, env);
    const plan = rateLimitSchema.parse({ limit: outer, per: "1h", headers: "both" });
    const reply = rateLimitDefinition.build(plan, env, "outer/rateLimit")(within.handler)(makeExchange());
    assert.ok(reply instanceof Reply);
    const least = Math.min(outer, inner), per = least === outer ? 3600 : 60;
    assert.deepEqual(
      ["limit", "remaining", "reset"].map((name) => reply.header(`x-ratelimit-${name}`)),
      [least, least - 1, Math.ceil(per / least)].map(String),
    );
    assert.deepEqual(parseList(reply.header("ratelimit")!).map(([, { r }]) => r), [inner - 1, outer - 1]);
  }
});
