import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import { secret } from "../../../src/core/secret.ts";
import { hmac, type HmacOptions } from "../../../src/policies/auth/hmac.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { chunkedHead, ENGINES, gatewayTo, request } from "../../upstreams/traffic_bed.ts";
import { digestOf, type Line, SHARED, signatureFields } from "./hmac/signed_request.ts";

const SECRETS = () => ({ value: SHARED });

function signed(options: Partial<HmacOptions> = {}) {
  return hmac({ keys: { k: { secret: secret.env("KEY"), encoding: "base64" } }, ...options });
}

/** The lines of a request to the beds' host. */
function linesOf(method: string, path: string, query: string, digest?: string): Line[] {
  return [
    ['"@method"', method],
    ['"@authority"', "a.example"],
    ['"@path"', path],
    ['"@query"', query === "" ? "?" : query],
    ...(digest === undefined ? [] : [['"content-digest"', digest] as const]),
  ];
}

function fields(lines: readonly Line[]): string[] {
  return signatureFields({ lines }).map(([name, value]) => `${name}: ${value}`);
}

for (const engine of ENGINES) {
  const start = async (options: Partial<HmacOptions> = {}) => {
    const origin = await ScriptedOrigin.start(async (request) => {
      await request.send(answer(200, await request.text()));
    });
    const world = { secrets: SECRETS }, route = { policies: [signed(options)] };
    const gateway = gatewayTo([origin.url as "http://a"], new FakeClock(), { world, route, listen: { engine } });
    return {
      origin,
      gateway,
      async [Symbol.asyncDispose]() {
        await gateway[Symbol.asyncDispose]();
        await origin[Symbol.asyncDispose]();
      },
    };
  };

  Deno.test(`${engine}: hmac() lets a signed request pass once, without its signature`, async () => {
    await using bed = await start();
    await using client = await bed.gateway.connect();
    const text = request("GET", "/orders?a=1", fields(linesOf("GET", "/orders", "?a=1")));
    assert.equal((await client.exchange(text)).status, 200);
    const again = await client.exchange(text);
    assert.deepEqual([again.status, JSON.parse(again.text).code], [401, "credential_invalid"]);
    assert.equal(bed.origin.requests.length, 1);
    assert.deepEqual(["signature", "signature-input"].map((name) => bed.origin.requests[0].header(name)), [null, null]);
    const { auth, reason } = await bed.gateway.event(1);
    assert.deepEqual([auth, reason], ["invalid", "the signature, or its nonce, was shown before"]);
  });

  Deno.test(`${engine}: hmac() has read a signed body, which goes on whole`, async () => {
    await using bed = await start();
    const body = "0123456789abcdef".repeat(8_000), digest = digestOf(body);
    const lines = [...fields(linesOf("POST", "/", "", digest)), `content-digest: ${digest}`];
    await using client = await bed.gateway.connect();
    const known = await client.exchange(request("POST", "/", lines, body));
    assert.deepEqual([known.status, known.text === body], [200, true]);
    const other = digestOf(body, "sha512");
    const chunked = [...fields(linesOf("POST", "/", "", other)), `content-digest: ${other}`];
    await client.send(chunkedHead("POST", ...chunked));
    for (const piece of [body.slice(0, 7), body.slice(7, 50_000), body.slice(50_000)]) {
      await client.send(`${piece.length.toString(16)}\r\n${piece}\r\n`);
    }
    await client.send("0\r\n\r\n");
    const answered = await client.response("POST");
    assert.deepEqual([answered.status, answered.text === body], [200, true]);
    assert.equal(bed.origin.requests[1].header("transfer-encoding"), "chunked");
  });

  Deno.test(`${engine}: hmac() refuses another body with 401, and one that is too long with 413`, async () => {
    await using bed = await start({ maxBody: 10 });
    const send = async (body: string, digest: string) => {
      await using client = await bed.gateway.connect();
      const lines = [...fields(linesOf("POST", "/", "", digest)), `content-digest: ${digest}`];
      return await client.exchange(request("POST", "/", lines, body));
    };
    assert.equal((await send("0123456789", digestOf("987654321"))).status, 401);
    assert.equal((await send("0123456789", digestOf("0123456789"))).status, 200);
    const long = await send("0123456789!", digestOf("0123456789!"));
    assert.deepEqual([long.status, JSON.parse(long.text).code], [413, "body_too_large"]);
    assert.equal(bed.origin.requests.length, 1);
  });

  Deno.test(`${engine}: hmac() compares the canonical path, so what is signed in another form is refused`, async () => {
    await using bed = await start();
    const ask = async (target: string, path: string) => {
      await using client = await bed.gateway.connect();
      return (await client.exchange(request("GET", target, fields(linesOf("GET", path, ""))))).status;
    };
    assert.equal(await ask("/a/../orders", "/a/../orders"), 401);
    assert.equal(await ask("/%6Frders", "/%6Frders"), 401);
    assert.equal(await ask("/%6Frders", "/orders"), 200);
    assert.equal(bed.origin.requests[0].target, "/orders");
  });

  Deno.test(`${engine}: hmac() answers garbage in its fields with 401`, async () => {
    await using bed = await start();
    for (const value of ["\u00ff\u00fe", "((((", 'sig1=();keyid="k"', "x".repeat(8_100), ";;;", ""]) {
      await using client = await bed.gateway.connect();
      const bytes = Buffer.from(request("GET", "/", [`signature-input: ${value}`, `signature: ${value}`]), "latin1");
      await client.send(bytes);
      assert.equal((await client.response()).status, 401, value.slice(0, 20));
    }
  });
}
