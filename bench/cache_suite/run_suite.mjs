/**
 * Runs the suite's own client under Node, whose `fetch` is what the published results were made with.
 *
 * Arguments: the suite's folder, the address of the cache, the file for the results, then "dump" or "quiet", then the
 * ids of the tests to run, or none for all.
 */
import { writeFileSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

const [dir, base, output, mode, ...ids] = process.argv.slice(2);
const part = (path) => import(pathToFileURL(`${dir}/${path}`).href);
const { runTests, getResults } = await part("test-engine/client/runner.mjs");
const { default: chapters } = await part("tests/index.mjs");

const chosen = chapters.map((chapter) => ({
  ...chapter,
  tests: chapter.tests
    .filter(({ id }) => ids.length === 0 || ids.includes(id))
    .map((test) => mode === "dump" ? { ...test, dump: true } : test),
}));
await runTests(chosen, false, base);
writeFileSync(output, JSON.stringify(getResults()));
// Connections that it keeps open are nobody's any more.
process.exit(0);
