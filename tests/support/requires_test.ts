import { strict as assert } from "node:assert";
import { requiresOn } from "./requires.ts";
import { TempDir } from "./temp_dir.ts";

Deno.test("requires() runs a test whose programs are there, under whatever command they have", async () => {
  await using dir = await TempDir.make({ "bin/nginx": "", "bin/valkey-server": "" });
  const registered: Deno.TestDefinition[] = [];
  const need = requiresOn(
    { path: ["/none", dir.join("bin")], register: (t) => registered.push(t) },
    "nginx",
    "redis-server",
  );
  need.test("it works", () => {});
  assert.deepEqual([registered[0].name, registered[0].ignore], ["it works", undefined]);
  assert.equal(need.paths.get("nginx"), dir.join("bin/nginx"));
  assert.equal(need.paths.get("redis-server"), dir.join("bin/valkey-server"));
});

Deno.test("requires() ignores a test whose program is missing and names the program", () => {
  const registered: Deno.TestDefinition[] = [];
  const need = requiresOn({ path: [], strict: false, register: (t) => registered.push(t) }, "nginx", "chromium");
  need.test("it works", () => {});
  assert.deepEqual([registered[0].name, registered[0].ignore], ["it works [needs nginx, chromium]", true]);
});

Deno.test("requires() fails the test in strict mode, with the packages to install", () => {
  const registered: Deno.TestDefinition[] = [];
  requiresOn({ path: [], strict: true, register: (t) => registered.push(t) }, "promtool").test("it works", () => {});
  assert.equal(registered[0].ignore, false);
  assert.throws(() => registered[0].fn({} as Deno.TestContext), /promtool not found: apt-get install prometheus/);
});

Deno.test("TempDir makes files in folders and removes all of it", async () => {
  let path: string;
  {
    await using dir = await TempDir.make({ "a/b.txt": "text" });
    path = dir.path;
    assert.equal(await Deno.readTextFile(dir.join("a/b.txt")), "text");
  }
  await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
});
