import { strict as assert } from "node:assert";
import { adminApp } from "../../src/admin/admin_app.ts";
import type { Inspect } from "../../src/admin/inspect.ts";
import { type Admin, startAdmin } from "../../src/admin/start_admin.ts";
import { silentLog } from "../../src/core/log.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { steadyPort } from "../support/steady_port.ts";
import { TempDir } from "../support/temp_dir.ts";
import { cli } from "./captured_terminal.ts";

/** An admin interface that keeps the orders that it was given. */
function admin(port: number, token: string | null, caches: readonly string[]): { admin: Admin; orders: unknown[] } {
  const orders: unknown[] = [];
  const inspect = {
    purge: (...order: unknown[]) => {
      orders.push(order);
      return Promise.resolve({ caches, removed: caches.length, failures: [] });
    },
  } as unknown as Inspect;
  const app = adminApp(inspect, token);
  return {
    admin: startAdmin({ hostname: "127.0.0.1", port }, app, { clock: new FakeClock(), log: silentLog }),
    orders,
  };
}

Deno.test("purge sends its order to the admin interface of the config, with its token", async () => {
  const port = steadyPort(), { admin: running, orders } = admin(port, "t0ken", ["global/cache"]);
  await using dir = await TempDir.make({
    "token.txt": "t0ken\n",
    "gateway.yaml": `
admin: { port: ${port}, token: { file: token.txt } }
routes: [{ path: /, respond: {} }]
`,
    "other.yaml": `
admin: { port: ${port}, token: { file: gateway.yaml } }
routes: [{ path: /, respond: {} }]
`,
    "off.yaml": "{ admin: false, routes: [{ path: /, respond: {} }] }\n",
    "bad.yaml": "{ routes: 1 }\n",
  });
  const file = dir.join("gateway.yaml");
  const done = { code: 0, out: "1 answer purged of global/cache\n", err: "" };
  assert.deepEqual(await cli("purge", file, "--url", "https://a.example/x"), done);
  assert.deepEqual(await cli("purge", file, "--prefix", "/x", "--soft"), done);
  assert.deepEqual(await cli("purge", file, "--tag", "a", "--cache", "global/cache"), done);
  const { out } = await cli("purge", file, "--all", "--json");
  assert.deepEqual(JSON.parse(out), { removed: 1, caches: ["global/cache"] });
  const expected = [
    [{ target: { url: "https://a.example/x" }, soft: false }, undefined],
    [{ target: { prefix: "/x" }, soft: true }, undefined],
    [{ target: { tag: "a" }, soft: false }, "global/cache"],
    [{ target: { all: true }, soft: false }, undefined],
  ];
  assert.deepEqual(orders, expected);
  const refusals: [string[], number, RegExp][] = [
    [[dir.join("other.yaml"), "--all"], 1, /token of the admin interface|did not do it|cannot be asked/],
    [[dir.join("off.yaml"), "--all"], 1, /off\.yaml has no admin interface, and purges go there\n$/],
    [[dir.join("bad.yaml"), "--all"], 1, /bad\.yaml: 1 error; nothing was purged\n$/],
    [[file], 2, /^gatewright: It says not what: one of url, prefix, tag and all says what is purged\n/],
    [[file, "--all", "--tag", "a"], 2, /It says more than once what/],
    [[file, "--url", "a.example"], 2, /"url" is /],
    [[file, "--all", "--admin", "http://127.0.0.1:1"], 2, /a config or --admin, not both/],
    [[file, "--all", "--token-env", "A"], 2, /--token-env goes with --admin/],
    [["--all", "--admin", "localhost"], 2, /^gatewright: --admin: /],
  ];
  for (const [args, code, message] of refusals) {
    const refused = await cli("purge", ...args);
    assert.deepEqual([refused.code, refused.out], [code, ""], args.join(" "));
    assert.match(refused.err, message);
    assert.ok(!refused.err.includes("t0ken"));
  }
  assert.equal(orders.length, expected.length);
  await running.stop();
  assert.match((await cli("purge", file, "--all")).err, /^gatewright: http:\/\/127\.0\.0\.1:\d+ cannot be asked: /);
});

Deno.test("purge asks another address with --admin, and tells why it was refused", async () => {
  const port = steadyPort(), { admin: running } = admin(port, "t0ken", []), url = `http://127.0.0.1:${port}`;
  Deno.env.set("GATEWRIGHT_TEST_ADMIN_TOKEN", "t0ken");
  try {
    assert.deepEqual(
      await cli("purge", "--admin", url, "--token-env", "GATEWRIGHT_TEST_ADMIN_TOKEN", "--all"),
      { code: 0, out: "There is no cache.\n", err: "" },
    );
  } finally {
    Deno.env.delete("GATEWRIGHT_TEST_ADMIN_TOKEN");
  }
  const refused = await cli("purge", "--admin", url, "--all");
  assert.deepEqual([refused.code, refused.err], [
    1,
    `gatewright: ${url} did not do it: Send the admin token: authorization: Bearer <token>.\n`,
  ]);
  const missing = await cli("purge", "--admin", url, "--token-env", "GATEWRIGHT_TEST_NONE", "--all");
  assert.match(missing.err, /GATEWRIGHT_TEST_NONE is not set/);
  await running.stop();
});
