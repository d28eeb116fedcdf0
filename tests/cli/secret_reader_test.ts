import { strict as assert } from "node:assert";
import { systemSecrets } from "../../src/cli/secret_reader.ts";
import { secret } from "../../src/core/secret.ts";
import { TempDir } from "../support/temp_dir.ts";

Deno.test("systemSecrets() reads the environment and says what is missing", () => {
  const read = systemSecrets(".");
  assert.deepEqual(read(secret.env("PATH")), { value: Deno.env.get("PATH") });
  assert.deepEqual(read(secret.env("GATEWRIGHT_TEST_NO_SUCH_VARIABLE")), {
    error: "the environment variable GATEWRIGHT_TEST_NO_SUCH_VARIABLE is not set",
  });
});

Deno.test("systemSecrets() reads files without their last line end, and nothing else of them is lost", async () => {
  await using dir = await TempDir.make({ unix: "a b\n", windows: "a\r\n", two: "a\n\n", none: " a", empty: "" });
  const read = systemSecrets(dir.path);
  for (const [name, value] of [["unix", "a b"], ["windows", "a"], ["two", "a\n"], ["none", " a"], ["empty", ""]]) {
    assert.deepEqual(read(secret.file(name)), { value }, name);
    assert.deepEqual(read(secret.file(dir.join(name))), { value }, name);
  }
  assert.deepEqual(read(secret.file("./lost")), { error: "there is no file ./lost" });
});
