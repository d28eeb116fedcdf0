import { strict as assert } from "node:assert";
import { reason, StartError, step } from "../../src/cli/start_failure.ts";

Deno.test("reason() names the flag that gives a missing permission", () => {
  for (
    const [message, flag] of [
      ['Requires write access to "/var/log/gw/access.log", run again with the --allow-write flag', "write=/var/log/gw"],
      ['Requires read access to "/etc/gw.yaml", run again with the --allow-read flag', "read=/etc/gw.yaml"],
      ['Requires net access to "0.0.0.0:8080", run again with the --allow-net flag', "net=0.0.0.0:8080"],
      ['Requires env access to "TOKEN", run again with the --allow-env flag', "env=TOKEN"],
      ["Requires sys access, run again with the --allow-sys flag", "sys"],
    ]
  ) {
    assert.equal(
      reason(new Deno.errors.NotCapable(message)),
      `needs --allow-${flag}; add it to deno run, or to the task in deno.json`,
    );
  }
});

Deno.test("reason() is one line", () => {
  assert.equal(reason(new Error("broken\n  at line 1")), "broken");
  assert.equal(reason("text"), "text");
});

Deno.test("step() passes results on and says which step failed", async () => {
  assert.equal(await step("open it", () => Promise.resolve(1)), 1);
  const cause = new Error("full");
  for (
    const run of [() => Promise.reject(cause), () => {
      throw cause;
    }]
  ) {
    await assert.rejects(step("open it", run), (error) => {
      assert.ok(error instanceof StartError);
      assert.equal(error.message, "cannot open it: full");
      assert.equal(error.cause, cause);
      return true;
    });
  }
});
