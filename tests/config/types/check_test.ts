import { strict as assert } from "node:assert";
import { validateConfig } from "../../../src/config/validate.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { PRELUDE, WRONG_CONFIGS } from "./wrong_configs.ts";

Deno.test("validateConfig() refuses whatever the compiler refuses", async (t) => {
  await using dir = await TempDir.make();
  for (const [i, { name, config, exports, seenBy }] of WRONG_CONFIGS.entries()) {
    if (seenBy === "compiler") continue;
    const file = await dir.write(`wrong_${i}.ts`, `${PRELUDE}\n${config}\n`);
    const { default: wrong } = await import(`file://${file}`);
    await t.step(name, () => {
      const { issues } = validateConfig(exports === "base" ? { ...wrong, routes: [] } : wrong);
      assert.ok(issues.some(({ severity }) => severity === "error"), JSON.stringify(issues));
    });
  }
});
