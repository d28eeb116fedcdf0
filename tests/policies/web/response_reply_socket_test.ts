import { strict as assert } from "node:assert";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { responseReply } from "../../../src/policies/web/response_reply.ts";
import { readText } from "../../support/exchange.ts";

const text = "a long enough text ".repeat(1000);

Deno.test("responseReply() of a Response from fetch says what its body is: decoded or not", async () => {
  const bodies: Record<string, Uint8Array<ArrayBuffer>> = {
    gzip: new Uint8Array(gzipSync(text)),
    br: new Uint8Array(brotliCompressSync(text)),
    identity: new TextEncoder().encode(text),
    // Nothing that fetch knows: it leaves the body alone, and so must the fields.
    "x-own": new TextEncoder().encode(text),
  };
  await using origin = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const encoding = new URL(request.url).pathname.slice(1);
    return new Response(bodies[encoding], {
      headers: { "content-encoding": encoding, "content-length": String(bodies[encoding].length) },
    });
  });
  for (const encoding of Object.keys(bodies)) {
    const url = `http://127.0.0.1:${origin.addr.port}/${encoding}`;
    const { headers, body } = await responseReply(await fetch(url), "a handler");
    assert.equal(await readText(body), text, encoding);
    const decoded = encoding === "gzip" || encoding === "br";
    assert.equal(headers.get("content-encoding"), decoded ? null : encoding);
    if (!decoded) assert.equal(body?.length, text.length, encoding);
    assert.equal(headers.get("transfer-encoding"), null);
  }
});
