import { strict as assert } from "node:assert";
import { PROGRAMS } from "../support/requires.ts";
import { exists, source, sources } from "./tree.ts";

const config = JSON.parse(source("deno.json").text);

Deno.test("every place that names a version of Deno names the one that deno.json pins", () => {
  const places = ["README.md", "CONTRIBUTING.md", ".ci/run", ...["docs", "deploy", "examples"].filter(exists)];
  const files = places.flatMap((place) => /\.|run$/.test(place) ? [source(place)] : sources(place, ""));
  for (const { path, text } of files) {
    for (const [, version] of text.matchAll(/\bdeno(?:@|:|:alpine-|:debian-)v?(\d+\.\d+\.\d+)/g)) {
      assert.equal(version, config.engines.deno, `${path} names Deno ${version}`);
    }
  }
});

Deno.test("CI runs the command that README gives", () => {
  const command = /npx -y deno@\S+ task test/.exec(source("README.md").text);
  assert.notEqual(command, null, "README.md does not say how to test");
  assert.match(source(".ci/run").text, /grep .*npx -y deno@.*README\.md/);
});

Deno.test("CI installs every program that a test asks for", () => {
  const run = source(".ci/run").text;
  for (const { path, text } of sources("tests", "_test.ts")) {
    for (const [, names] of text.matchAll(/\brequires\(([^)]*)\)/g)) {
      for (const [, name] of names.matchAll(/"([^"]+)"/g)) {
        const { commands, package: needed } = PROGRAMS[name as keyof typeof PROGRAMS];
        assert.ok(run.includes(`${commands[0]}:${needed}`), `${path} needs ${commands[0]}:${needed} in .ci/run`);
      }
    }
  }
});

Deno.test("the lock names no registry, and every package comes from npm", () => {
  const lock = source("deno.lock").text;
  assert.ok(!lock.includes('"tarball"'), "deno.lock holds tarball addresses: make it without a registry setting");
  assert.ok(!/https?:\/\//.test(lock), "deno.lock holds an address");
  assert.ok(!/"jsr:/.test(lock), "deno.lock holds a jsr: package");
  assert.equal(config.lock.frozen, true);
  assert.equal(config.nodeModulesDir, "none");
});

Deno.test("tests run with Deno's sanitizers, which are off unless asked for", () => {
  assert.deepEqual(config.test, { sanitizeOps: true, sanitizeResources: true });
});

Deno.test("tasks may do what they need and no more", () => {
  const { tasks } = JSON.parse(source("deno.json").text) as { tasks: Record<string, string> };
  const flags = (task: string) => tasks[task].split(" ").filter((word) => word.startsWith("--allow"));
  const serving = ["--allow-net", "--allow-read", "--allow-env", "--allow-write=./var"];
  for (const task of ["start", "dev", "cli", "compile"]) assert.deepEqual(flags(task), serving, task);
  assert.deepEqual(flags("check"), ["--allow-read", "--allow-env"], "check has no network");
});
