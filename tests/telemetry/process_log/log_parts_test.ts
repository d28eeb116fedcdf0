import { strict as assert } from "node:assert";
import { LOG_PARTS } from "../../../src/telemetry/process_log/log_parts.ts";

/** Sources below a folder. */
async function* sources(folder: URL): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sources(new URL(`${name}/`, folder));
    else if (name.endsWith(".ts")) yield await Deno.readTextFile(new URL(name, folder));
  }
}

Deno.test("LOG_PARTS names each part of the gateway that the log tells of", async () => {
  const told = new Set<string>();
  for await (const text of sources(new URL("../../../src/", import.meta.url))) {
    for (const [, category] of text.matchAll(/\b(?:log|told)\.in\(["`]([^"`]+)["`]\)/g)) {
      told.add(category.split(".")[0]);
    }
  }
  assert.deepEqual([...told].sort(), LOG_PARTS);
});
