import { strict as assert } from "node:assert";
import { regexSamples } from "../../src/routing/regex_samples.ts";

const FOUND: [source: string, sample: string][] = [
  ["v1", "v1"],
  ["", ""],
  ["a|bc|", "bc"],
  ["v\\d+", "v1"],
  ["v\\d{3}", "v111"],
  ["(?:eu|us)-[a-z]+\\.example\\.com", "us-a.example.com"],
  ["^(beta|canary)$", "canary"],
  ["(?<major>\\d)\\.(?<minor>\\d)", "1.1"],
  ["colou?r", "color"],
  ["a*", ""],
  ["(ab){2,}", "abab"],
  ["[^a-z]", "1"],
  ["[\\]x]", "x"],
  ["\\u{41}\\x42\\u0043", "ABC"],
  ["(?i:abc)", "abc"],
  ["\\bfoo\\b", "foo"],
  ["\\p{Lu}x", "Ax"],
  ["(?=a)a", "a"],
  ["a+?b", "ab"],
  ["\\/\\*", "/*"],
];

for (const [source, sample] of FOUND) {
  Deno.test(`regexSamples(${source}) has ${JSON.stringify(sample)}`, () => {
    assert(regexSamples(source).includes(sample), regexSamples(source).join(" "));
  });
}

Deno.test("regexSamples() gives only texts that match, and few", () => {
  for (
    const source of [
      "(?!a)[a-c]",
      "(a)\\1",
      "(?<=x)y",
      "[a-z]{2}[0-9]{2}|.*x.*y.*",
      "(a|b|c|d)(a|b|c|d)(a|b|c|d)",
      "a{1000000}",
    ]
  ) {
    const samples = regexSamples(source);
    assert(samples.length <= 8, source);
    for (const sample of samples) assert.match(sample, new RegExp(`^(?:${source})$`, "u"));
  }
});
