/** Test files in a few modules instead of hundreds. @module */

/**
 * How many modules, at most. Each runs alone in its thread, and loads the library anew; with few of them, one that takes
 * long keeps a core busy alone in the end.
 */
const MOST = 16;
/** So many files, at least, are worth a further module. */
const LEAST_FILES = 8;

/**
 * Writes modules that load these test files, each some of them, and gives their paths. `deno test` starts an isolate for
 * each module that it is given, which costs more than most files need for their tests. What a test is called and where
 * it stands remains as it is in its file.
 *
 * @param files from `folder`; a single one is run as it is
 * @param into the folder that the modules are written to
 */
export async function batches(files: readonly string[], folder: string, into: string): Promise<string[]> {
  if (files.length < 2) return [...files];
  const count = Math.min(MOST, Math.ceil(files.length / LEAST_FILES)), paths: string[] = [];
  for (let i = 0; i < count; i++) {
    // Dealt out like cards: what takes long often stands in one folder.
    const loads = files.filter((_, at) => at % count === i).map((file) => load(file, folder));
    paths.push(`${into}/batch_${i}_test.ts`);
    await Deno.writeTextFile(paths[i], loads.join(""));
  }
  return paths;
}

/** A file that does not load is a test that fails; the others of its batch go on. */
function load(file: string, folder: string): string {
  const url = JSON.stringify(new URL(file, `file://${folder}/`).href), name = JSON.stringify(`${file} loads`);
  return `await import(${url}).catch((error) => Deno.test(${name}, () => Promise.reject(error)));\n`;
}
