/** What a run of `deno test` came to, read from its JUnit report. @module */

/** One test, or one step of a test. */
export interface TestCase {
  readonly file: string;
  readonly name: string;
  readonly result: "passed" | "failed" | "ignored";
}

/** Reads the report that `deno test --junit-path` writes. */
export function readTestReport(xml: string): TestCase[] {
  const cases: TestCase[] = [];
  for (const [, attributes, body] of xml.matchAll(/<testcase ([^>]*?)(?:\/>|>([^]*?)<\/testcase>)/g)) {
    const failed = /<(?:failure|error)\b/.test(body ?? ""), ignored = /<skipped\b/.test(body ?? "");
    cases.push({
      file: attribute(attributes, "classname").replace(/^\.\//, ""),
      name: attribute(attributes, "name"),
      result: failed ? "failed" : ignored ? "ignored" : "passed",
    });
  }
  return cases;
}

function attribute(attributes: string, name: string): string {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
  return value.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: keyof typeof ENTITIES) => ENTITIES[entity]);
}

const ENTITIES = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" } as const;
