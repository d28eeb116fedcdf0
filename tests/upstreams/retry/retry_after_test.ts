import { strict as assert } from "node:assert";
import { retryAfter } from "../../../src/upstreams/retry/retry_after.ts";

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

for (
  const [value, expected] of [
    [null, 0],
    ["0", 0],
    ["1", 1_000],
    ["120", 120_000],
    ["0003", 3_000],
    // RFC 9110 §5.6.7: the form of today and the two old ones.
    ["Thu, 01 Jan 2026 12:00:07 GMT", 7_000],
    ["Thursday, 01-Jan-26 12:00:07 GMT", 7_000],
    ["Thu Jan  1 12:00:07 2026", 7_000],
    ["Thu, 01 Jan 2026 12:00:00 GMT", 0],
    ["Thu, 01 Jan 2026 11:59:59 GMT", 0],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 0],
    // Longer than a lifetime is still not "at once".
    ["9999999999", 9_999_999_999_000],
    ["9".repeat(400), Infinity],
    ["", 0],
    ["soon", 0],
    ["-5", 0],
    ["1.5", 0],
    ["1e3", 0],
    ["+5", 0],
    ["5 ", 0],
    ["5s", 0],
    ["5, 7", 0],
    // What the runtime would take for a date.
    ["soon 2099", 0],
    ["2099", 2_099_000],
    ["2099-01-01T00:00:00Z", 0],
    ["Thu, 01 Jan 2099 12:00:07", 0],
    ["Thu, 01 Jan 2099 12:00:07 +0200", 0],
    ["Thu, 99 Jan 2099 12:00:07 GMT", 0],
  ] as const
) {
  Deno.test(`Retry-After: ${value === null ? "nothing" : JSON.stringify(value.slice(0, 40))} is ${expected} ms`, () => {
    assert.equal(retryAfter(value, NOW), expected);
  });
}

Deno.test("a date in the form of C is in GMT, wherever the gateway stands", () => {
  const zone = Deno.env.get("TZ");
  try {
    Deno.env.set("TZ", "America/New_York");
    assert.equal(new Date(NOW).getHours(), 7);
    assert.equal(retryAfter("Thu Jan  1 12:00:07 2026", NOW), 7_000);
  } finally {
    if (zone === undefined) Deno.env.delete("TZ");
    else Deno.env.set("TZ", zone);
  }
});
