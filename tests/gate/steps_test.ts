import { strict as assert } from "node:assert";
import { runStep } from "./step.ts";
import { steps } from "./steps.ts";
import { TempDir } from "../support/temp_dir.ts";

Deno.test("steps() runs the whole gate, each test file in one step", () => {
  const gate = steps("ok"),
    [unit, socket] = gate.slice(-2).map(({ files }) => files!);
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
  const [{ args, files }] = steps("unit", ["tests/gate/", "./tests/architecture_test.ts", "--filter=x"]);
  assert.ok(args.includes("--filter=x"));
  assert.deepEqual(files!.filter((file) => !file.startsWith("tests/gate/")), ["tests/architecture_test.ts"]);
  assert.deepEqual(steps("unit", ["tests/none"])[0].files, []);
});

Deno.test("runStep() tells what passed, failed and was ignored, and that a file did not load", async () => {
  await using dir = await TempDir.make({
    "deno.json": "{}",
    "a_test.js": `Deno.test("good", () => {}); Deno.test.ignore("later", () => {});
Deno.test("bad", () => { throw new Error("told"); });`,
    "b_test.js": `throw new Error("broken");`,
    "c_test.js": `Deno.test("good", () => {});`,
  });
  const run = (...files: string[]) => runStep({ name: "unit", args: ["test"], files, tests: true }, dir.path);
  const mixed = await run("a_test.js"), broken = await run("b_test.js"), good = await run("c_test.js");
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
  for (const none of [await run("none_test.js"), await run()]) assert.deepEqual([none.ok, none.cases], [false, []]);
});

Deno.test("runStep() runs many files in batches, as each would run by itself", async () => {
  const good = Array.from({ length: 20 }, (_, i) => [`${i}_test.js`, `Deno.test("good", () => {});`]);
  await using dir = await TempDir.make({
    ...Object.fromEntries(good),
    "deno.json": "{}",
    "5_test.js": `throw new Error("broken");`,
    "6_test.js": `Deno.test("bad", () => { throw new Error("told"); });`,
  });
  const files = good.map(([name]) => name);
  const { ok, cases, output } = await runStep({ name: "unit", args: ["test"], files, tests: true }, dir.path);
  const failed = cases.filter(({ result }) => result === "failed").map(({ name }) => name);
  assert.deepEqual([ok, cases.length, failed.sort()], [false, 20, ["5_test.js loads", "bad"]]);
  for (const file of files) if (file !== "5_test.js") assert.ok(cases.some((test) => test.file === file), file);
  assert.match(output, /broken[^]*told|told[^]*broken/);
});

Deno.test("runStep() kills a step that does not end", async () => {
  await using dir = await TempDir.make({ "deno.json": "{}", "a_test.js": `Deno.test("stuck", () => { for (;;); });` });
  const result = await runStep({ name: "unit", args: ["test"], files: ["a_test.js"], tests: true }, dir.path, 500);
  assert.deepEqual([result.ok, result.hung], [false, true]);
});
