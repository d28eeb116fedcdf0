import { strict as assert } from "node:assert";
import { concurrencyLimitSchema } from "../../../src/policies/traffic/concurrency_limit_schema.ts";

const REFUSED: readonly (readonly [at: string, options: unknown, message: RegExp, remedy?: string])[] = [
  ["", undefined, /expected settings such as \{ max: 100 \}/],
  ["", 100, /expected settings such as \{ max: 100 \}/],
  ["", { max: 1, queues: 1 }, /queues/],
  ["max", {}, /this is missing: expected a whole number from 1 to 1000000/],
  ["max", { max: 0 }, /expected a whole number from 1 to 1000000/],
  ["max", { max: 1.5 }, /expected a whole number from 1 to 1000000/],
  ["max", { max: "10" }, /expected a whole number from 1 to 1000000/, "10, without quotes"],
  ["max", { max: Infinity }, /expected a whole number from 1 to 1000000/],
  ["queue", { max: 1, queue: -1 }, /expected a whole number from 0 to 1000000/],
  ["queue", { max: 1, queue: true }, /expected a whole number from 0 to 1000000/],
  ["queueTimeout", { max: 1, queueTimeout: 500 }, /expected a duration/, '"500ms" or "500s"'],
  ["queueTimeout", { max: 1, queueTimeout: "0s" }, /longer than 0/],
  ["queueTimeout", { max: 1, queueTimeout: "25d" }, /at most 24d/, '"24d"'],
  ["key", { max: 1, key: "request:id" }, /an id of its own/, '"ip"'],
  ["key", { max: 1, key: "form:user" }, /in the request's body/, '"header:…", "query:…" or "ip"'],
  ["key", { max: 1, key: [] }, /at least one key is needed/],
  ["key.1", { max: 1, key: ["ip", "glowbal"] }, /"glowbal" is not a key/, '"global"'],
  ["key", { max: 1, key: 7 }, /expected a key such as "ip", a list of them, or a function/],
];

Deno.test("concurrencyLimit() options: what check refuses, where, and what to write instead", () => {
  for (const [at, options, message, remedy] of REFUSED) {
    const { error } = concurrencyLimitSchema.safeParse(options), what = JSON.stringify(options);
    assert.ok(error, what);
    const issue = leaf(error.issues[0]);
    assert.equal(issue.path.join("."), at, what);
    assert.match(issue.message, message, what);
    assert.equal(issue.params?.remedy, remedy, what);
  }
});

Deno.test("concurrencyLimit() options: every wrong one is reported at once", () => {
  const { error } = concurrencyLimitSchema.safeParse({ max: 0, queue: -1, queueTimeout: 1, key: "a" });
  assert.deepEqual(error?.issues.map(({ path }) => path[0]), ["max", "queue", "queueTimeout", "key"]);
});

Deno.test("concurrencyLimit() options: what check lets through, and the defaults", () => {
  const fn = () => "a";
  const cases: [options: unknown, plan: unknown][] = [
    [{ max: 1 }, { max: 1, queue: 0, key: ["global"] }],
    [{ max: 1_000_000, queue: 5, queueTimeout: "1.5s", key: "ip" }, {
      max: 1_000_000,
      queue: 5,
      queueTimeout: 1_500,
      key: ["ip"],
    }],
    [{ max: 2, key: ["jwt:sub", "ip/24/48"] }, { max: 2, queue: 0, key: ["jwt:sub", "ip/24/48"] }],
    [{ max: 2, key: fn }, { max: 2, queue: 0, key: fn }],
  ];
  for (const [options, plan] of cases) assert.deepEqual(concurrencyLimitSchema.parse(options), plan);
});

interface Found {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly params?: { readonly remedy?: string };
}

/** Of a union, the issue of the shape that came nearest: the one that looked deepest, or said what to write. */
function leaf(issue: unknown, under: readonly PropertyKey[] = []): Found {
  const { errors = [], path, ...rest } = issue as Found & { readonly errors?: readonly (readonly unknown[])[] };
  const at = [...under, ...path];
  const inner = errors.flat().map((one) => leaf(one, at));
  const telling = inner.find(({ path }) => path.length > at.length) ??
    inner.find(({ message, params }) => params?.remedy !== undefined || !message.startsWith("expected"));
  return telling ?? { ...rest, path: at };
}
