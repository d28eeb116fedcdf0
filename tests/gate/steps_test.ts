import { strict as assert } from "node:assert";
import { runStep } from "./step.ts";
import { steps } from "./steps.ts";
import { TempDir } from "../support/temp_dir.ts";

Deno.test("steps() runs the whole gate, each test file in one step", () => {
  const gate = steps("ok"),
    [unit, socket] = gate.slice(-2).map(({ args }) => args.filter((arg) => arg.endsWith("_test.ts")));
  assert.deepEqual(gate.map(({ name }) => name), ["fmt", "lint", "types", "examples", "unit", "sockets"]);
  assert.ok(unit.includes("tests/gate/steps_test.ts") && !socket.includes("tests/gate/steps_test.ts"));
  assert.ok(
    socket.includes("tests/support/wire_socket_test.ts") && !unit.includes("tests/support/wire_socket_test.ts"),
  );
});

Deno.test("steps() keeps unit tests off the network", () => {
  assert.ok(!steps("unit")[0].args.some((arg) => /^--allow-(?:net|all)/.test(arg)));
});

Deno.test("steps() narrows tests to files, folders and flags from the command line", () => {
  const args = steps("unit", ["tests/gate/", "./tests/architecture_test.ts", "--filter=x"])[0].args;
  assert.ok(args.includes("--filter=x"));
  assert.deepEqual(
    args.filter((arg) => arg.endsWith("_test.ts")).filter((arg) => !arg.startsWith("tests/gate/")),
    ["tests/architecture_test.ts"],
  );
});

Deno.test("runStep() tells what passed, failed and was ignored, and that a file did not load", async () => {
  await using dir = await TempDir.make({
    "deno.json": "{}",
    "a_test.js": `Deno.test("good", () => {}); Deno.test.ignore("later", () => {});
Deno.test("bad", () => { throw new Error("told"); });`,
    "b_test.js": `throw new Error("broken");`,
    "c_test.js": `Deno.test("good", () => {});`,
  });
  const run = (...files: string[]) => runStep({ name: "unit", args: ["test", ...files], tests: true }, dir.path);
  const mixed = await run("a_test.js"), broken = await run("b_test.js", "c_test.js"), good = await run("c_test.js");
  assert.deepEqual(mixed.cases.map(({ name, result }) => [name, result]), [
    ["good", "passed"],
    ["later", "ignored"],
    ["bad", "failed"],
  ]);
  assert.equal(mixed.ok, false);
  assert.match(mixed.output, /told/);
  assert.equal(broken.ok, false);
  assert.deepEqual(good.cases, [{ file: "c_test.js", name: "good", result: "passed" }]);
  assert.equal(good.ok, true);
  const none = await run("none_test.js");
  assert.deepEqual([none.ok, none.cases], [false, []]);
});

Deno.test("runStep() kills a step that does not end", async () => {
  await using dir = await TempDir.make({ "deno.json": "{}", "a_test.js": `Deno.test("stuck", () => { for (;;); });` });
  const result = await runStep({ name: "unit", args: ["test", "a_test.js"], tests: true }, dir.path, 500);
  assert.deepEqual([result.ok, result.hung], [false, true]);
});
