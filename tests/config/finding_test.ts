import { strict as assert } from "node:assert";
import { type Finding, type Path, pathText, toIssue, withoutConsequences } from "../../src/config/finding.ts";

const PATHS: readonly (readonly [Path, string])[] = [
  [[], ""],
  [["routes", 3, "policies", 1, "limit"], "routes[3].policies[1].limit"],
  [["upstreams", "user-service", "endpoints", 0], "upstreams.user-service.endpoints[0]"],
  [["routes", 0, "headers", "x.y", "oneOf"], 'routes[0].headers["x.y"].oneOf'],
  [["a b"], '["a b"]'],
];
for (const [path, text] of PATHS) {
  Deno.test(`pathText() prints ${text || "the root"}`, () => assert.equal(pathText(path), text));
}

Deno.test("toIssue() looks the place up, unless the finding has one", () => {
  const locate = (at: Path, on: string) => ({ file: "a.yaml", line: at.length, column: on === "key" ? 1 : 2 });
  const finding: Finding = { at: ["a", "b"], message: "m" };
  assert.deepEqual(toIssue(finding, locate), {
    severity: "error",
    path: "a.b",
    message: "m",
    file: "a.yaml",
    line: 2,
    column: 2,
  });
  assert.equal(toIssue({ ...finding, on: "key" }, locate).column, 1);
  assert.equal(toIssue({ ...finding, place: { file: "b.yaml" } }, locate).file, "b.yaml");
});

Deno.test("withoutConsequences() drops what follows from an unknown key, and nothing else", () => {
  const unknown: Finding = { at: ["r", "upstrem"], on: "key", message: "unknown", meant: "upstream" };
  const noTarget: Finding = { at: ["r"], message: "no target" },
    missing: Finding = { at: ["r", "upstream"], message: "missing" };
  const other: Finding = { at: ["r", "path"], message: "wrong" },
    onKey: Finding = { at: ["r"], on: "key", message: "unused" };
  assert.deepEqual(withoutConsequences([noTarget, unknown, missing, other, onKey]), [unknown, other, onKey]);
  const { meant: _, ...unguessed } = unknown;
  assert.deepEqual(withoutConsequences([noTarget, unguessed]), [noTarget, unguessed]);
});
