import { strict as assert } from "node:assert";
import type { StepResult } from "./step.ts";
import { failureText, lastLine, stepLine, summarise } from "./summary.ts";
import type { TestCase } from "./test_report.ts";

const check = (ok: boolean): StepResult => ({
  step: { name: "fmt", args: [] },
  ok,
  hung: false,
  ms: 420,
  output: "out",
  cases: [],
});

const tests = (ok: boolean, ...results: TestCase["result"][]): StepResult => ({
  step: { name: "unit", args: [], tests: true },
  ok,
  hung: false,
  ms: 1234,
  output: "noise\n ERRORS \nwhy",
  cases: results.map((result, i) => ({ file: "a_test.ts", name: `t${i}`, result })),
});

Deno.test("summarise() counts each test, and a step without tests as one", async (t) => {
  const rows: [name: string, results: StepResult[], strict: boolean, line: string][] = [
    ["all well", [check(true), tests(true, "passed", "passed")], false, "3 passed, 0 failed"],
    ["a step fails", [check(false), tests(true, "passed")], false, "1 passed, 1 failed"],
    ["a test fails", [tests(false, "passed", "failed", "failed")], false, "1 passed, 2 failed"],
    ["a file does not load", [tests(false, "passed")], false, "1 passed, 1 failed"],
    ["no test is run", [tests(false)], false, "0 passed, 1 failed"],
    ["a failure that the exit code hides", [tests(true, "failed")], false, "0 passed, 1 failed"],
    ["a test is ignored", [tests(true, "passed", "ignored")], false, "1 passed, 0 failed, 1 skipped"],
    ["a test is ignored in CI", [tests(true, "passed", "ignored")], true, "1 passed, 1 failed"],
  ];
  for (const [name, results, strict, line] of rows) {
    await t.step(name, () => assert.equal(lastLine(summarise(results, strict), strict), line));
  }
});

Deno.test("summarise() names what was ignored", () => {
  assert.deepEqual(summarise([tests(true, "ignored")], false).ignored, ["a_test.ts: t0"]);
});

Deno.test("stepLine() and failureText() say what happened, and no more", () => {
  assert.equal(stepLine(check(true)), "ok    fmt         0.4 s");
  assert.equal(stepLine(tests(false, "failed")), "FAIL  unit        1.2 s  1 tests");
  assert.equal(failureText(tests(false, "failed")), " ERRORS \nwhy");
  assert.equal(failureText(check(false)), "out");
  assert.match(failureText({ ...tests(false), output: "panicked" }), /panicked\nno test was run/);
  const said = ["a_test.ts => x ... ok", "b_test.ts => y ... ok", "a_test.ts => z ... ok", "'w' is running", ""];
  assert.equal(
    failureText({ ...tests(false), hung: true, output: said.join("\n") }),
    `it came to no end and was killed; last said, by each module:\n${said.slice(1, 4).join("\n")}`,
  );
});
