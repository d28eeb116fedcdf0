import { strict as assert } from "node:assert";

Deno.test("proxies that the environment names are ignored, and stay in the environment", async () => {
  const file = new URL("./isolated/fetch_proxies.ts", import.meta.url).pathname;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--allow-all", "--no-check", file],
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  assert.ok(success, text.decode(stdout) + text.decode(stderr));
  assert.match(text.decode(stdout), /ok \| 6 passed \| 0 failed/);
});
