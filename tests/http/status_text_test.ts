import { strict as assert } from "node:assert";
import { statusText } from "../../src/http/status_text.ts";

Deno.test("statusText() knows the registered phrases", () => {
  const table: readonly (readonly [number, string])[] = [
    [103, "Early Hints"],
    [200, "OK"],
    [413, "Content Too Large"],
    [418, ""],
    [422, "Unprocessable Content"],
    [499, ""],
    [511, "Network Authentication Required"],
    [600, ""],
  ];
  for (const [status, phrase] of table) assert.equal(statusText(status), phrase);
});
