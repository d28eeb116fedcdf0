import { strict as assert } from "node:assert";
import { TempDir } from "../support/temp_dir.ts";
import { ROOT, source } from "./tree.ts";

/**
 * `deno compile` puts the program in front of a run-time that it downloads. With Deno itself in that place it packs the same
 * files into something that does not run: enough to see that the graph is whole and that configs find "gatewright".
 */
Deno.test("the compile task packs the program, and what configs import", async () => {
  await using dir = await TempDir.make();
  const [deno, command, ...args] = (JSON.parse(source("deno.json").text).tasks.compile as string).split(" ");
  assert.deepEqual([deno, command], ["deno", "compile"]);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [command, "--no-check", ...args.map((arg, i) => args[i - 1] === "--output" ? dir.join("gatewright") : arg)],
    cwd: ROOT,
    env: { DENORT_BIN: Deno.execPath(), NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.equal(code, 0, said);
  for (const packed of [/─ mod\.ts /, /─ gateway\.ts /, /cli\/\*|main\.ts/]) assert.match(said, packed);
});
