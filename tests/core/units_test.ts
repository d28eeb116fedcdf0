import { strict as assert } from "node:assert";
import fc from "fast-check";
import { formatDuration, parseDuration, parseSize } from "../../src/core/units.ts";

for (
  const [text, ms] of [["250ms", 250], ["1.5s", 1500], ["1m", 60_000], ["2h", 7_200_000], ["1d", 86_400_000], [
    "0s",
    0,
  ]] as const
) {
  Deno.test(`${text} is ${ms} milliseconds`, () => assert.equal(parseDuration(text), ms));
}

for (
  const text of [
    "",
    "5",
    "s",
    "-5s",
    "+5s",
    "5 s",
    " 5s",
    "5s ",
    "0x10s",
    "1e3ms",
    "1.s",
    ".5s",
    "5S",
    "5sec",
    "1m30s",
    "Infinitys",
    "１s",
  ]
) {
  Deno.test(`${JSON.stringify(text)} is no duration`, () => assert.equal(parseDuration(text), undefined));
}

for (const [text, bytes] of [["512B", 512], ["64KiB", 65_536], ["1.5MiB", 1_572_864], ["1GiB", 2 ** 30]] as const) {
  Deno.test(`${text} is ${bytes} bytes`, () => assert.equal(parseSize(text), bytes));
}

for (const text of ["", "5", "5KB", "-1KiB", "1 KiB", "1e3B", "1kib"]) {
  Deno.test(`${JSON.stringify(text)} is no size`, () => assert.equal(parseSize(text), undefined));
}

Deno.test("property: formatDuration() and parseDuration() are inverse for whole milliseconds", () => {
  fc.assert(fc.property(fc.nat(), (ms) => assert.equal(parseDuration(formatDuration(ms)), ms)));
});
