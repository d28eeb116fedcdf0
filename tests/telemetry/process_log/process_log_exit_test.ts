import { strict as assert } from "node:assert";
import { TempDir } from "../../support/temp_dir.ts";

/** Runs {@link ./exiting_process.ts} and tells how it ended. */
async function exit(...args: string[]): Promise<{ code: number; printed: string }> {
  const program = new URL("exiting_process.ts", import.meta.url).pathname;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-check", program, ...args],
    stdout: "null",
  }).output();
  return { code, printed: new TextDecoder().decode(stderr) };
}

/** The messages in their order, each once: one that was under way may be there twice. */
function messages(log: string): string[] {
  return [...new Set([...log.matchAll(/"msg":"(\w+)"/g)].map(([, message]) => message))];
}

Deno.test("startProcessLog() loses nothing where the process ends at once", async () => {
  await using dir = await TempDir.make();
  const file = dir.join("own.log"), [plain, filed] = [await exit(), await exit(file)];
  assert.deepEqual([plain.code, filed.code], [7, 7]);
  const all = ["first", "second", "third"];
  assert.deepEqual([messages(plain.printed), messages(await Deno.readTextFile(file))], [all, all]);
});
