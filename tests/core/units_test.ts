import { strict as assert } from "node:assert";
import fc from "fast-check";
import { formatDuration, formatSize, parseDuration, parseSize } from "../../src/core/units.ts";

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

const SIZES: readonly (readonly [text: string, bytes: number])[] = [
  ["0B", 0],
  ["512B", 512],
  ["1.9B", 1],
  ["500KB", 500_000],
  ["10MB", 10_000_000],
  ["1.5GB", 1_500_000_000],
  ["64KiB", 65_536],
  ["1.5MiB", 1_572_864],
  ["1GiB", 2 ** 30],
];
for (const [text, bytes] of SIZES) {
  Deno.test(`${text} is ${bytes} bytes`, () => assert.equal(parseSize(text), bytes));
}

for (
  const text of ["", "5", "B", "5kB", "5K", "5Ki", "5TB", "-1KiB", "+1KiB", "1 KiB", "1e3B", "1kib", ".5KiB", "1.KiB"]
) {
  Deno.test(`${JSON.stringify(text)} is no size`, () => assert.equal(parseSize(text), undefined));
}

for (
  const [bytes, text] of [
    [0, "0B"],
    [240, "240B"],
    [1024, "1KiB"],
    [32_768, "32KiB"],
    [500_000, "500KB"],
    [10_000_000, "10MB"],
    [2 ** 30, "1GiB"],
    [1536 * 2 ** 20, "1536MiB"],
  ] as const
) {
  Deno.test(`${bytes} bytes are ${text}`, () => assert.equal(formatSize(bytes), text));
}

Deno.test("property: formatSize() and parseSize() are inverse for whole bytes", () => {
  fc.assert(fc.property(fc.maxSafeNat(), (bytes) => assert.equal(parseSize(formatSize(bytes)), bytes)));
});

Deno.test("property: formatDuration() and parseDuration() are inverse for whole milliseconds", () => {
  fc.assert(fc.property(fc.nat(), (ms) => assert.equal(parseDuration(formatDuration(ms)), ms)));
});
