import { strict as assert } from "node:assert";
import { faultSchema } from "../../../src/policies/traffic/fault_schema.ts";

const DELAY = { for: "2s" };

const REFUSED: readonly (readonly [at: string, options: unknown, message: RegExp, remedy?: string])[] = [
  ["enabled", { delay: DELAY }, /this is missing: expected true or false/, "true, or false for no faults"],
  ["enabled", { enabled: "yes", delay: DELAY }, /expected true or false/, "true"],
  ["enabled", { enabled: "off", delay: DELAY }, /expected true or false/, "true, or false for no faults"],
  ["enabled", { enabled: 1, delay: DELAY }, /expected true or false/, "true, or false for no faults"],
  ["enabled", { enabled: null, delay: DELAY }, /expected true or false/, "true, or false for no faults"],
  ["", { enabled: true }, /neither delay nor abort/, 'delay: { for: "2s" }, abort: { status: 503 }, or both'],
  [
    "",
    { enabled: false, when: "header:a" },
    /neither delay nor abort/,
    'delay: { for: "2s" }, abort: { status: 503 }, or both',
  ],
  ["", { enabled: true, delay: DELAY, delays: 1 }, /delays/],
  ["", undefined, /expected object/],
  ["delay", { enabled: true, delay: "2s" }, /expected object/],
  ["delay", { enabled: true, delay: { ...DELAY, min: "1s" } }, /min/],
  ["delay.for", { enabled: true, delay: {} }, /this is missing: expected a duration/, '"250ms"'],
  ["delay.for", { enabled: true, delay: { for: 250 } }, /expected a duration/, '"250ms" or "250s"'],
  ["delay.for", { enabled: true, delay: { for: -1 } }, /expected a duration/, '"250ms"'],
  ["delay.for", { enabled: true, delay: { for: "0s" } }, /above 0/, '"250ms"'],
  ["delay.for", { enabled: true, delay: { for: "25d" } }, /up to 24 days/, '"250ms"'],
  ["delay.for", { enabled: true, delay: { for: "2 s" } }, /expected a duration/, '"250ms"'],
  ["delay.share", { enabled: true, delay: { ...DELAY, share: 1.1 } }, /a number from 0 to 1/, "0.1"],
  ["delay.share", { enabled: true, delay: { ...DELAY, share: 10 } }, /a number from 0 to 1/, "0.1"],
  ["delay.share", { enabled: true, delay: { ...DELAY, share: -0.1 } }, /a number from 0 to 1/, "0.1"],
  ["delay.share", { enabled: true, delay: { ...DELAY, share: NaN } }, /a number from 0 to 1/, "0.1"],
  ["delay.share", { enabled: true, delay: { ...DELAY, share: 7 } }, /a number from 0 to 1/, "0.07"],
  ["delay.share", { enabled: true, delay: { ...DELAY, share: 101 } }, /a number from 0 to 1/, "0.1"],
  ["abort.share", { enabled: true, abort: { share: "25%" } }, /a number from 0 to 1/, "0.25"],
  ["abort.share", { enabled: true, abort: { share: "0.5" } }, /a number from 0 to 1/, "0.5"],
  ["abort.share", { enabled: true, abort: { share: "1%" } }, /a number from 0 to 1/, "0.01"],
  ["abort.status", { enabled: true, abort: { status: 200 } }, /a status from 400 to 599/, "503"],
  ["abort.status", { enabled: true, abort: { status: 399 } }, /a status from 400 to 599/, "503"],
  ["abort.status", { enabled: true, abort: { status: 600 } }, /a status from 400 to 599/, "503"],
  ["abort.status", { enabled: true, abort: { status: 500.5 } }, /a status from 400 to 599/, "503"],
  ["abort.status", { enabled: true, abort: { status: "429" } }, /a status from 400 to 599/, "429"],
  ["when", { enabled: true, abort: {}, when: "x-fault" }, /expected a header/, '"header:x-fault"'],
  ["when", { enabled: true, abort: {}, when: "X-My=a=b" }, /expected a header/, '"header:X-My=a=b"'],
  ["when", { enabled: true, abort: {}, when: "header: x-my" }, /expected a header/, '"header:x-my"'],
  ["when", { enabled: true, abort: {}, when: "header:x-my=" }, /expected a header/, '"header:x-my"'],
  ["when", { enabled: true, abort: {}, when: "header:" }, /expected a header/, '"header:x-fault"'],
  ["when", { enabled: true, abort: {}, when: "query:fault" }, /expected a header/, '"header:x-fault"'],
  ["when", { enabled: true, abort: {}, when: "header:a b" }, /expected a header/, '"header:x-fault"'],
  ["when", { enabled: true, abort: {}, when: "header:a=b\r\n" }, /expected a header/, '"header:a=b"'],
  ["when", { enabled: true, abort: {}, when: "header:a= b" }, /expected a header/, '"header:x-fault"'],
  ["when", { enabled: true, abort: {}, when: 7 }, /expected a header/, '"header:7"'],
];

Deno.test("fault() options: what check refuses, where, and what to write instead", () => {
  for (const [at, options, message, remedy] of REFUSED) {
    const { error } = faultSchema.safeParse(options), what = JSON.stringify(options);
    assert.ok(error, what);
    assert.equal(error.issues.length, 1, JSON.stringify(error.issues));
    const [issue] = error.issues;
    assert.equal(issue.path.join("."), at, what);
    assert.match(issue.message, message);
    assert.equal(issue.code === "custom" ? issue.params?.remedy : undefined, remedy, what);
  }
});

Deno.test("fault() options: every wrong one is reported at once", () => {
  const { error } = faultSchema.safeParse({ delay: { for: 1, share: 2 }, abort: { status: 1, share: 2 }, when: "a" });
  assert.deepEqual(error?.issues.map(({ path }) => path.join(".")), [
    "enabled",
    "delay.for",
    "delay.share",
    "abort.status",
    "abort.share",
    "when",
  ]);
});

Deno.test("fault() options: what check lets through, and the defaults", () => {
  const cases: [options: unknown, plan: unknown][] = [
    [{ enabled: true, delay: { for: "1.5s" } }, { enabled: true, delay: { for: 1_500, share: 1 } }],
    [{ enabled: false, abort: {} }, { enabled: false, abort: { status: 503, share: 1 } }],
    [
      { enabled: true, delay: { for: "24d", share: 0 }, abort: { status: 400, share: 1 } },
      { enabled: true, delay: { for: 2_073_600_000, share: 0 }, abort: { status: 400, share: 1 } },
    ],
    [
      { enabled: true, abort: { status: 599 }, when: "header:X-Fault" },
      { enabled: true, abort: { status: 599, share: 1 }, when: { header: "x-fault", value: null } },
    ],
    [
      { enabled: true, abort: {}, when: "header:x-fault=a b=c" },
      { enabled: true, abort: { status: 503, share: 1 }, when: { header: "x-fault", value: "a b=c" } },
    ],
  ];
  for (const [options, plan] of cases) assert.deepEqual(faultSchema.parse(options), plan);
});
