import { strict as assert } from "node:assert";
import fc from "fast-check";
import { silentLog } from "../../../src/core/log.ts";
import { originsOption } from "../../../src/policies/guard/origin_option.ts";
import { type OriginRule, originTest } from "../../../src/policies/guard/origin_rule.ts";
import { makeExchange } from "../../support/exchange.ts";

function takes(rules: OriginRule | readonly OriginRule[], origin: string): boolean {
  return originTest(originsOption(true).parse(rules), silentLog, "a")(origin, makeExchange());
}

Deno.test("originTest() takes what a rule means and nothing that looks like it", () => {
  const cases: [rule: OriginRule, taken: string[], refused: string[]][] = [
    ["https://example.com", ["https://example.com"], [
      ...["http://example.com", "https://example.com:443", "https://example.com:8443", "https://EXAMPLE.com"],
      ...["https://example.com.evil", "https://evil-example.com", "https://a.example.com", "https://example.com/"],
      ...["https://example.com.", " https://example.com", "https://example.com ", "https://u@example.com", "null", ""],
      ...["https://example.com, https://example.com", "example.com", "//example.com", "https://examplexcom"],
    ]],
    ["https://*.example.com", ["https://a.example.com", "https://a.b.example.com", "https://x_y-1.example.com"], [
      ...["https://example.com", "https://.example.com", "https://evil-example.com", "https://evilexample.com"],
      ...["https://a.example.com.evil", "https://a.example.com:8443", "http://a.example.com", "https://a..example.com"],
      ...[
        "https://A.example.com",
        "https://u@a.example.com",
        "https://evil.com/.example.com",
        "https://evil.com#.example.com",
      ],
      ...["https://[::1].example.com", "https://a b.example.com", "https://a.example.com/", "https://*.example.com"],
      ...["https://evil.com:443.example.com", "https://evil.com,https://a.example.com", "null"],
    ]],
    ["https://*.example.com:8443", ["https://a.example.com:8443"], [
      "https://a.example.com",
      "https://a.example.com:84430",
    ]],
    ["http://[::1]:3000", ["http://[::1]:3000"], ["http://[::1]", "http://[::01]:3000", "http://::1:3000"]],
    ["null", ["null"], ["NULL", "", "https://null"]],
    [/https:\/\/pr-\d+\.example\.com/, ["https://pr-7.example.com"], [
      ...[
        "https://pr-7.example.com.evil",
        "xhttps://pr-7.example.com",
        "https://pr-7.example.com:1",
        "https://pr-.example.com",
      ],
    ]],
    [/https:\/\/a\.example|https:\/\/b\.example/gy, ["https://a.example", "https://b.example", "https://a.example"], [
      ...["https://a.example.evil", "evilhttps://b.example"],
    ]],
    [{ regex: "https://.*\\.example\\.com" }, ["https://a.example.com"], [
      ...["https://evil.com/.example.com", "https://evil.com@a.example.com", "https://evil.com, https://a.example.com"],
    ]],
    [{ regex: ".*" }, ["https://a", "moz-extension://0a-1b", "http://[::1]:1"], ["null", "", "a", "https://a/b"]],
  ];
  for (const [rule, taken, refused] of cases) {
    for (const origin of taken) assert.ok(takes(rule, origin), `${JSON.stringify(rule)} ${origin}`);
    for (const origin of refused) assert.ok(!takes(rule, origin), `${String(rule)} ${origin}`);
  }
});

Deno.test("originTest() takes what one of several rules means", () => {
  const rules: OriginRule[] = ["https://a.example", "https://*.b.example", /https:\/\/c\d\.example/];
  for (const origin of ["https://a.example", "https://x.b.example", "https://c1.example"]) {
    assert.ok(takes(rules, origin));
  }
  for (const origin of ["https://x.a.example", "https://b.example", "https://c.example"]) {
    assert.ok(!takes(rules, origin));
  }
});

Deno.test("originTest() takes no origin that is longer than any, so that expressions have little to search", () => {
  for (const [count, taken] of [[250, true], [300, false], [8_000, false]] as const) {
    assert.equal(takes(/https:\/\/a+\.example/, `https://${"a".repeat(count)}.example`), taken);
    assert.equal(takes("https://*.example", `https://${"a".repeat(count)}.example`), taken);
  }
});

/** Obvious: the origin taken apart, and each part compared. */
function model(rule: string, origin: string): boolean {
  const part = /^([a-z]+):\/\/([^:]*)(:\d+)?$/, wanted = part.exec(rule)!, seen = part.exec(origin);
  if (seen === null || seen[1] !== wanted[1] || seen[3] !== wanted[3]) return false;
  if (!wanted[2].startsWith("*.")) return seen[2] === wanted[2];
  const labels = seen[2].split("."), base = wanted[2].slice(2).split(".");
  const above = labels.slice(0, labels.length - base.length);
  return above.length > 0 && above.every((label) => /^[a-z0-9_-]+$/.test(label)) &&
    labels.slice(-base.length).join() === base.join();
}

Deno.test("originTest() agrees with an origin taken apart", () => {
  const label = fc.constantFrom("example", "com", "evil", "a", "evil-example", "examplex", "x_y");
  const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
  const scheme = fc.constantFrom("https", "http"), port = fc.constantFrom("", ":8443", ":3000");
  const rule = fc.tuple(scheme, fc.constantFrom("", "*."), host, port).map((parts) =>
    `${parts[0]}://${parts[1]}${parts[2]}${parts[3]}`
  );
  const noise = fc.constantFrom("", ".", "@", "/", "#", "?", " ", ":", "A", "*", "[", "]", "%", "é", "\\", ",");
  const origin = fc.tuple(scheme, noise, host, noise, host, port, noise).map(([s, a, h, b, i, p, c]) =>
    `${s}://${a}${h}${b}${i}${p}${c}`
  );
  const near = fc.tuple(
    fc.constantFrom("", "a.", "evil", "evil.", "@", "a@", "."),
    host,
    fc.constantFrom("", ".evil", "/", ":1"),
  );
  let taken = 0;
  fc.assert(
    fc.property(rule, fc.oneof(origin, near), (rule, seen) => {
      // Mostly something made of the rule itself: what differs in everything is easily told apart.
      const text = typeof seen === "string"
        ? seen
        : rule.replace("://*.", "://" + seen[0]).replace("://", `://${seen[0]}`) + seen[2];
      const expected = model(rule, text);
      if (expected) taken++;
      assert.equal(takes(rule as OriginRule, text), expected, `${rule} ${text}`);
    }),
    { numRuns: 2_000 },
  );
  assert.ok(taken > 20, `${taken} were taken`);
});
