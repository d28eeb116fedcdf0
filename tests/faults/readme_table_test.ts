import { strict as assert } from "node:assert";
import { SCENARIOS } from "./scenarios.ts";

/** The rows between the table's marks, as cells. */
function tableOf(readme: string): string[][] {
  const [, table] = /<!-- faults -->\s*(\|[^]*?\|)\s*<!-- \/faults -->/.exec(readme) ?? [];
  assert.ok(table !== undefined, "README.md has no table of faults");
  return table.split("\n").map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

Deno.test("README.md's table of faults has a row for each scenario, in order, and all of them are clean here", async () => {
  const [[, ...peers], , ...rows] = tableOf(await Deno.readTextFile("README.md"));
  assert.equal(peers[0], "gatewright");
  const names = SCENARIOS.map(({ name }) => name);
  assert.deepEqual(rows.map(([name]) => name), [...names, "mean of the shares", "clean"]);
  assert.equal(rows.at(-1)![1], `${names.length} of ${names.length}`);
  // Bold is what is not clean.
  assert.deepEqual(rows.filter(([, own]) => own.startsWith("**")), []);
});
