/** What the compiler says about configs: many files, one `deno check`. @module */

import { ROOT } from "../../gate/tree.ts";
import { TempDir } from "../../support/temp_dir.ts";

/** One error of the compiler. */
export interface Diagnostic {
  /** Its head line, without code: `Type '"user"' is not assignable to type …`. */
  readonly message: string;
  /** The source from the marked place to the end of its line. */
  readonly at: string;
}

/**
 * Type-checks files that see the repository's import map, and gives the errors in each, in the order of the file.
 *
 * @param files text by name; a name has no folder
 */
export async function denoCheck(files: Readonly<Record<string, string>>): Promise<Map<string, Diagnostic[]>> {
  await using dir = await TempDir.make(files);
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", `--config=${ROOT}/deno.json`, ...Object.keys(files).map((name) => dir.join(name))],
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  const output = new TextDecoder().decode(stderr);
  const found = new Map<string, Diagnostic[]>(Object.keys(files).map((name) => [name, []]));
  // Each error begins with its code; the first place after it is its own, later ones show where types come from.
  const blocks = output.split(/^(?=TS\d+ \[ERROR\]: )/m);
  for (const block of blocks.slice(1)) {
    const message = /^TS\d+ \[ERROR\]: (.*)$/m.exec(block)?.[1];
    const place = /^ {4}at file:\/\/.*\/([^/]+):(\d+):(\d+)$/m.exec(block);
    const list = found.get(place?.[1] ?? "");
    if (message === undefined || place === null || list === undefined) throw new Error(`Not of these files: ${block}`);
    list.push({ message, at: files[place[1]].split("\n")[Number(place[2]) - 1].slice(Number(place[3]) - 1) });
  }
  if (blocks.length === 1 && /^error:/m.test(output)) throw new Error(output);
  return found;
}
