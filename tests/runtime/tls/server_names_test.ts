import { strict as assert } from "node:assert";
import { ServerNames } from "../../../src/runtime/tls/server_names.ts";

Deno.test("ServerNames finds exact names before wildcards, and wildcards for one label", () => {
  const names = new ServerNames([[["a.example", "*.a.example"], 1], [["b.a.example"], 2], [["*.test"], 3]]);
  const rows: [asked: string, found: number | undefined][] = [
    ["a.example", 1],
    ["A.Example", 1],
    ["a.example.", 1],
    ["x.a.example", 1],
    ["b.a.example", 2],
    ["y.x.a.example", undefined],
    [".a.example", undefined],
    ["*.a.example", 1],
    ["x.test", 3],
    ["test", undefined],
    ["", undefined],
    ["b.example", undefined],
  ];
  for (const [asked, found] of rows) assert.equal(names.find(asked), found, asked);
});
