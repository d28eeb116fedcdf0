import { strict as assert } from "node:assert";
import { loadShedSchema } from "../../../src/policies/traffic/load_shed_schema.ts";

const REFUSED: readonly (readonly [at: string, options: unknown, message: RegExp, remedy?: string])[] = [
  ["", 7, /expected settings such as \{ maxInFlight: 500 \}/],
  ["", { maxInflight: 7 }, /maxInflight/],
  ["maxEventLoopDelay", { maxEventLoopDelay: false }, /there is nothing to shed by/, "maxInFlight beside it"],
  ["maxEventLoopDelay", { maxEventLoopDelay: 100 }, /expected a duration, or false/],
  ["maxEventLoopDelay", { maxEventLoopDelay: "5ms" }, /at least 10ms/, '"10ms"'],
  ["maxEventLoopDelay", { maxEventLoopDelay: "10s" }, /at most 5s/, '"5s"'],
  ["maxInFlight", { maxInFlight: 0 }, /expected a whole number from 1 to 1000000/],
  ["maxInFlight", { maxInFlight: "500" }, /expected a whole number from 1 to 1000000/, "500, without quotes"],
  ["priority", { priority: "hgih" }, /expected "critical", "high", "normal" or "low"/, '"high"'],
  ["priority", { priority: 1 }, /expected a priority, or settings such as/],
  ["priority.by", { priority: { is: {} } }, /this is missing: expected a key/],
  ["priority.by", { priority: { by: "rout", is: {} } }, /"rout" is not a key/, '"route"'],
  ["priority.by", { priority: { by: "form:a", is: {} } }, /in the request's body/, '"header:…", "query:…" or "ip"'],
  ["priority.is", { priority: { by: "route", is: {} } }, /at least one value is needed/],
  ["priority.is.a", { priority: { by: "route", is: { a: "urgent" } } }, /expected "critical", "high"/],
  [
    "priority.otherwise",
    { priority: { by: "route", is: { a: "low" }, otherwise: "lo" } },
    /expected "critical"/,
    '"low"',
  ],
];

Deno.test("loadShed() options: what check refuses, where, and what to write instead", () => {
  for (const [at, options, message, remedy] of REFUSED) {
    const { error } = loadShedSchema.safeParse(options), what = JSON.stringify(options);
    assert.ok(error, what);
    const issue = leaf(error.issues[0], message);
    assert.equal(issue.path.join("."), at, what);
    assert.match(issue.message, message, what);
    if (remedy !== undefined) assert.equal(issue.params?.remedy, remedy, what);
  }
});

Deno.test("loadShed() options: every wrong one is reported at once", () => {
  const { error } = loadShedSchema.safeParse({ maxEventLoopDelay: 1, maxInFlight: 0, priority: 1 });
  assert.deepEqual(error?.issues.map(({ path }) => path[0]), ["maxEventLoopDelay", "maxInFlight", "priority"]);
});

Deno.test("loadShed() options: what check lets through, and the defaults", () => {
  const by = { by: "header:x-priority", is: { "1": "high" } };
  const cases: [options: unknown, plan: unknown][] = [
    [{}, { maxEventLoopDelay: 100, priority: "normal" }],
    [{ maxEventLoopDelay: false, maxInFlight: 5 }, { maxEventLoopDelay: null, maxInFlight: 5, priority: "normal" }],
    [{ maxEventLoopDelay: "5s", priority: "low" }, { maxEventLoopDelay: 5_000, priority: "low" }],
    [{ priority: by }, { maxEventLoopDelay: 100, priority: { ...by, otherwise: "normal" } }],
  ];
  for (const [options, plan] of cases) assert.deepEqual(loadShedSchema.parse(options), plan);
});

interface Found {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly params?: { readonly remedy?: string };
}

/** Of a union, the issue that says this, and is furthest inside; else its own. */
function leaf(issue: unknown, message: RegExp, under: readonly PropertyKey[] = []): Found {
  const { errors = [], path, ...rest } = issue as Found & { readonly errors?: readonly (readonly unknown[])[] };
  const at = [...under, ...path];
  const inner = errors.flat().map((one) => leaf(one, message, at)).filter((one) => message.test(one.message));
  return inner.toSorted((a, b) => b.path.length - a.path.length)[0] ?? { ...rest, path: at };
}
