import { strict as assert } from "node:assert";
import { whileLoading } from "../../src/cli/while_loading.ts";
import { TempDir } from "../support/temp_dir.ts";
import { CliProcess } from "./cli_process.ts";

const READ = ["--allow-read", "--allow-env"];

for (
  const [name, files] of [
    ["gateway.config.ts", { "gateway.config.ts": "Deno.exit(0);" }],
    ["gateway.config.ts", { "gateway.config.ts": 'import process from "node:process";\nprocess.exit(0);' }],
    ["gateway.config.yaml", { "gateway.config.yaml": "plugins: [./p.ts]\nroutes: []", "p.ts": "Deno.exit(0);" }],
  ] as const
) {
  for (const command of ["check", "routes", "start"]) {
    Deno.test(`${command} fails when the process is ended by ${Object.values(files).at(-1)} in ${name}`, async () => {
      await using dir = await TempDir.make(files);
      await using process = new CliProcess([command], { cwd: dir.path, permissions: READ });
      assert.equal(await process.ended(), 1);
      const text = `gatewright: ${name}: the config ended the process; write a module that only exports\n`;
      assert.deepEqual([process.out, process.err], ["", text]);
    });
  }
}

Deno.test("check --json prints nothing but JSON, whatever the config logs", async () => {
  await using dir = await TempDir.make({
    "gateway.config.ts": `console.log("a log"); console.info("an info"); console.debug("a debug");
console.table(["a table"]);
console.dir("a dir");
console.group("a group");
console.count("a count");
console.time("a time");
console.timeEnd("a time");
export default { routes: [{ path: "/", respond: {} }] };`,
  });
  await using process = new CliProcess(["check", "--json"], { cwd: dir.path, permissions: READ });
  assert.equal(await process.ended(), 0);
  assert.equal(JSON.parse(process.out).ok, true);
  assert.match(process.err, /^a log\nan info\na debug\n.*a table.*\na dir\na group\na count\na time\n$/);
});

Deno.test("check and start say as an issue what a config leaves to nobody to catch", async () => {
  await using dir = await TempDir.make({
    "gateway.config.ts": `Promise.reject(new RangeError("left alone"));
export default { routes: [{ path: "/", respond: {} }] };`,
  });
  const issue = "gateway.config.ts:1:16: a promise was rejected and nobody caught it: RangeError: left alone\n";
  await using check = new CliProcess(["check"], { cwd: dir.path, permissions: READ });
  assert.equal(await check.ended(), 1);
  assert.deepEqual([check.out, check.err], [`error: ${issue}\ngateway.config.ts: 1 error\n`, ""]);
  await using start = new CliProcess(["start"], { cwd: dir.path, permissions: READ });
  assert.equal(await start.ended(), 1);
  assert.deepEqual([start.out, start.err], ["", `gatewright: ${issue}`]);
});

Deno.test("a permission that YAML lacks is no surprise", async () => {
  await using dir = await TempDir.make({ "gateway.yaml": "routes: [{ path: /, respond: {} }]\n" });
  await using process = new CliProcess(["check", "gateway.yaml"], { cwd: dir.path, permissions: ["--allow-read"] });
  assert.equal(await process.ended(), 1);
  assert.match(process.err, /^gatewright: needs --allow-env=\S+; add it to deno run, or to the task in deno\.json\n$/);
});

Deno.test("whileLoading() gives the console back, be there an error or not", async () => {
  const before = { ...console }, failure = new Error("broken");
  assert.equal(await whileLoading("a.ts", () => Promise.resolve(console.log === before.error)), true);
  assert.deepEqual({ ...console }, before);
  await assert.rejects(whileLoading("a.ts", () => Promise.reject(failure)), failure);
  assert.deepEqual({ ...console }, before);
});
