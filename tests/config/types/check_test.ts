import { strict as assert } from "node:assert";
import { loadConfig } from "../../../src/config/load_config.ts";
import { validateConfig } from "../../../src/config/validate.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { gateway, PRELUDE, ROUTES, upstream } from "./wrong/wrong_config.ts";
import { WRONG_CONFIGS } from "./wrong_configs.ts";

const ROUND_A_BASE = `import { defineGateway } from "gatewright"; import base from "./base.ts";
export default defineGateway({ ...base, routes: [{ path: "/", respond: {} }] });
`;

/** What `check` says against a module, its file apart. */
async function errors(text: string, exports: "gateway" | "base" = "gateway"): Promise<string[]> {
  const config = `${PRELUDE}\n${text}\n`;
  await using dir = await TempDir.make(
    exports === "gateway" ? { "gateway.config.ts": config } : { "gateway.config.ts": ROUND_A_BASE, "base.ts": config },
  );
  const loaded = await loadConfig(dir.join("gateway.config.ts"));
  const { issues } = "issues" in loaded ? loaded : validateConfig(loaded.value, loaded);
  return issues.filter(({ severity }) => severity === "error").map(({ path, message }) => `${path}: ${message}`);
}

Deno.test("check refuses whatever the compiler refuses", async (t) => {
  await t.step("what all of them share is right", async () => {
    for (const config of [gateway(ROUTES), upstream('"http://a"')]) assert.deepEqual(await errors(config), []);
    assert.deepEqual(await errors('export default defineBase({ upstreams: { a: "http://a" } });', "base"), []);
  });
  for (const { name, config, exports, seenBy } of WRONG_CONFIGS) {
    if (seenBy === "compiler") continue;
    await t.step(name, async () => assert.notDeepEqual(await errors(config, exports), []));
  }
});
