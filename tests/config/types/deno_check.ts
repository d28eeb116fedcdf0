/** What the compiler says about configs: one `deno check` for all, as the library alone takes it seconds. @module */

import { ROOT, source } from "../../gate/tree.ts";
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
 * @param paths files of the repository to check with them, by their path from the top folder
 */
export async function denoCheck(
  files: Readonly<Record<string, string>>,
  paths: readonly string[],
): Promise<Map<string, Diagnostic[]>> {
  await using dir = await TempDir.make(files);
  const names = [...Object.keys(files), ...paths], texts = new Map(Object.entries(files));
  for (const path of paths) texts.set(path, source(path).text);
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", `--config=${ROOT}/deno.json`, ...names.map((name) => name in files ? dir.join(name) : name)],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  const output = new TextDecoder().decode(stderr);
  const found = new Map<string, Diagnostic[]>(names.map((name) => [name, []]));
  // Each error begins with its code; the first place after it is its own, later ones show where types come from.
  const blocks = output.split(/^(?=TS\d+ \[ERROR\]: )/m);
  for (const block of blocks.slice(1)) {
    const message = /^TS\d+ \[ERROR\]: (.*)$/m.exec(block)?.[1];
    const place = /^ {4}at file:\/\/(.*):(\d+):(\d+)$/m.exec(block);
    const name = [dir.path, ROOT].map((folder) => `${folder}/`).reduce(
      (path, folder) => path.startsWith(folder) ? path.slice(folder.length) : path,
      place?.[1] ?? "",
    );
    const list = found.get(name);
    if (message === undefined || place === null || list === undefined) throw new Error(`Not of these files: ${block}`);
    list.push({ message, at: texts.get(name)!.split("\n")[Number(place[2]) - 1].slice(Number(place[3]) - 1) });
  }
  if (blocks.length === 1 && /^error:/m.test(output)) throw new Error(output);
  return found;
}
