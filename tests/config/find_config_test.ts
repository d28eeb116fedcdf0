import { strict as assert } from "node:assert";
import { findConfig } from "../../src/config/find_config.ts";
import { TempDir } from "../support/temp_dir.ts";

for (const name of ["gateway.config.ts", "gateway.config.yaml", "gateway.config.yml", "gateway.config.json"]) {
  Deno.test(`findConfig() finds ${name}`, async () => {
    await using dir = await TempDir.make({ [name]: "", "gateway.config.toml": "", "other.config.ts": "" });
    assert.equal(await findConfig(dir.path), name);
  });
}

Deno.test("findConfig() does not choose between two", async () => {
  await using dir = await TempDir.make({ "gateway.config.yaml": "", "gateway.config.ts": "" });
  assert.deepEqual(await findConfig(dir.path), {
    severity: "error",
    path: "",
    message: "there are 2 configs here: gateway.config.ts, gateway.config.yaml",
    remedy: "the one that is meant on the command line, such as gateway.config.ts",
  });
});

Deno.test("findConfig() says what to do where there is none; a folder of the name is none", async () => {
  await using dir = await TempDir.make({ "gateway.config.ts/index.ts": "" });
  assert.deepEqual(await findConfig(dir.path), {
    severity: "error",
    path: "",
    message: "there is no config here: gateway.config.ts, gateway.config.yaml, gateway.config.yml, gateway.config.json",
    remedy: "one of these files, or start --to http://localhost:3000, which needs none",
  });
});

Deno.test({
  name: "findConfig() does not take a denied permission for a missing file",
  permissions: { read: false },
  async fn() {
    const issue = await findConfig("/nowhere");
    assert.ok(typeof issue !== "string");
    assert.match(issue.message, /^gateway\.config\.ts cannot be looked for: Requires read access to "[^"]+"$/);
    assert.match(issue.remedy ?? "", /^--allow-read=\/nowhere/);
  },
});
