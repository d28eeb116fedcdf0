import { strict as assert } from "node:assert";
import { readTestReport } from "./test_report.ts";

Deno.test("readTestReport() reads passed, failed and ignored tests and steps, with their names unescaped", () => {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="4" failures="1" errors="0" time="0.083">
    <testsuite name="./tests/a_test.ts" tests="3" disabled="1" errors="0" failures="1">
        <testcase name="one &gt; &quot;two&quot; &amp;lt;" classname="./tests/a_test.ts" time="0.000" line="1" col="6">
        </testcase>
        <testcase name="ignored [needs nginx]" classname="./tests/a_test.ts" time="0.000" line="2" col="6">
            <skipped/>
        </testcase>
        <testcase name="bad" classname="./tests/a_test.ts" time="0.002" line="1" col="6">
            <failure message="Uncaught Error: &lt;skipped/&gt;">Error: x
    at file:///a_test.ts:1:30</failure>
        </testcase>
        <testcase name="short" classname="./tests/b_test.ts" time="0.002" />
    </testsuite>
</testsuites>`;
  assert.deepEqual(readTestReport(xml), [
    { file: "tests/a_test.ts", name: `one > "two" &lt;`, result: "passed" },
    { file: "tests/a_test.ts", name: "ignored [needs nginx]", result: "ignored" },
    { file: "tests/a_test.ts", name: "bad", result: "failed" },
    { file: "tests/b_test.ts", name: "short", result: "passed" },
  ]);
});
