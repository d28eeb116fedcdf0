/** Tests that change the environment, which all files of a parallel run share: they run in a process of their own. @module */

import { strict as assert } from "node:assert";
import { withoutProxies } from "../../../src/transport/fetch_proxies.ts";
import { authority, serverCertificate } from "../../support/certificates.ts";
import { FetchHarness } from "../fetch_harness.ts";
import { H2Origin } from "../fetch_origin.ts";
import { bodyText } from "../harness.ts";

/** Runs `test` while these variables are set. */
async function underEnvironment(variables: Record<string, string>, test: () => Promise<void>): Promise<void> {
  const before = Object.keys(variables).map((name) => [name, Deno.env.get(name)] as const);
  try {
    for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
    await test();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

const NOWHERE = "http://127.0.0.1:1";

for (
  const [what, variables, tls] of [
    ["HTTP_PROXY", { HTTP_PROXY: NOWHERE }, false],
    ["all_proxy", { all_proxy: NOWHERE }, false],
    ["NO_PROXY, which would lead past the endpoint's address", { NO_PROXY: "*" }, false],
    ["HTTPS_PROXY", { HTTPS_PROXY: NOWHERE }, true],
    ["ALL_PROXY", { ALL_PROXY: NOWHERE, NO_PROXY: "example.com" }, true],
  ] as const
) {
  Deno.test(`proxies of the environment are ignored ${tls ? "over TLS" : "in cleartext"}: ${what}`, async () => {
    await using origin = await H2Origin.start(
      (request) => request.answer(200, {}, "ok"),
      tls ? serverCertificate : undefined,
    );
    await underEnvironment(variables, async () => {
      const settings = tls ? { hostname: "localhost", tls: { ca: authority } } : {};
      await using client = new FetchHarness(origin.port, settings);
      assert.equal(await bodyText(await client.reply()), "ok");
      if (!tls) assert.equal(await bodyText(await client.reply("GET", { host: "a.invalid" })), "ok");
      for (const [name, value] of Object.entries(variables)) assert.equal(Deno.env.get(name), value);
    });
  });
}

Deno.test("withoutProxies() puts the environment back when what it calls throws", async () => {
  await underEnvironment({ NO_PROXY: "a", https_proxy: NOWHERE }, async () => {
    const broken = () =>
      withoutProxies(() => {
        assert.deepEqual([Deno.env.get("NO_PROXY"), Deno.env.get("https_proxy")], [undefined, undefined]);
        throw new RangeError("broken");
      });
    await assert.rejects(async () => await broken(), RangeError);
    assert.deepEqual([Deno.env.get("NO_PROXY"), Deno.env.get("https_proxy")], ["a", NOWHERE]);
  });
});
