import { strict as assert } from "node:assert";
import { ROOT, sources } from "../../gate/tree.ts";

Deno.test("right configs and the tables of types compile", async () => {
  const files = sources("tests/config/types/right").map(({ path }) => path);
  assert.ok(files.length > 0);
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", ...files],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stderr: "piped",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
});
