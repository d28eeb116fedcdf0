import { strict as assert } from "node:assert";
import { serveGaps } from "./serve_gaps.ts";
import { TABLE } from "./table.ts";

const README = new URL("../../README.md", import.meta.url);
const MARKED = /(?<=<!-- serve gaps -->\n).*?(?=<!-- \/serve gaps -->)/s;

/** Lines of a list, however they are broken. */
const items = (text: string) => text.trim().split(/\n(?=- )/).map((item) => item.replace(/\s+/g, " "));

Deno.test("README lists what the runtime leaves no choice about on the serve engine, as the table has it", () => {
  const text = Deno.readTextFileSync(README), listed = MARKED.exec(text)?.[0] ?? "";
  assert.deepEqual(items(listed), serveGaps(TABLE));
});
