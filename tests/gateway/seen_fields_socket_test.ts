import { strict as assert } from "node:assert";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { defineGateway, definePolicy } from "gatewright";
import type { Gateway } from "../../src/config/types/gateway.ts";
import type { Secret } from "../../src/core/secret.ts";
import { authority, certificateDirectory } from "../support/certificates.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { TestGateway } from "../support/test_gateway.ts";

type Seen = readonly (string | null)[];
const NAMES = ["host", "forwarded", "x-forwarded-for"];

/** A config whose policies tell what they see of {@link NAMES}, and of the URL. */
function configTo(origin: ScriptedOrigin, seen: Seen[], trustedProxies: readonly string[] = []): Gateway {
  const look = definePolicy({
    name: "look",
    handle(ctx, next) {
      seen.push([...NAMES.map((name) => ctx.header(name)), new URL(ctx.request.url).host]);
      return next();
    },
  });
  return defineGateway({
    trustedProxies,
    upstreams: { o: origin.url },
    routes: [
      { path: "/*", headers: { host: "b.example" }, respond: { body: "for b" } },
      { path: "/*", upstream: "o", policies: [look] },
    ],
  });
}

const head = (...lines: string[]) => lines.join("\r\n") + "\r\n\r\n";

for (const engine of ["h1", "serve"] as const) {
  Deno.test(`${engine}: the authority of an absolute target is the Host that upstream, policies and predicates see`, async () => {
    const seen: Seen[] = [];
    await using origin = await ScriptedOrigin.start([answer(200, "ok")]);
    await using gateway = TestGateway.start(configTo(origin, seen), {}, { engine });
    await using client = await gateway.connect();
    const rows: readonly [target: string, host: string, text: string][] = [
      ["http://c.example:81/x", "b.example", "ok"],
      ["http://b.example/x", "c.example", "for b"],
      ["/x", "b.example", "for b"],
      ["/x", "c.example", "ok"],
    ];
    for (const [target, host, text] of rows) {
      const response = await client.exchange(head(`GET ${target} HTTP/1.1`, `host: ${host}`));
      assert.equal(response.text, text, `${target} with Host ${host}`);
    }
    assert.deepEqual(seen, [["c.example:81", null, null, "c.example:81"], ["c.example", null, null, "c.example"]]);
    assert.deepEqual(origin.requests.map(({ head }) => head.headerValues("host")), [["c.example:81"], ["c.example"]]);
  });

  Deno.test(`${engine}: the authority of a request in HTTP/2 is the Host that upstream, policies and predicates see`, async () => {
    const seen: Seen[] = [],
      tls = { cert: `${certificateDirectory}/server.pem`, key: `${certificateDirectory}/server.key` };
    await using origin = await ScriptedOrigin.start([answer(200, "ok")]);
    const secrets = ({ file }: Secret) => ({ value: Deno.readTextFileSync(file!) });
    await using gateway = TestGateway.start(configTo(origin, seen), { secrets }, { engine, tls });
    const session = connectHttp2(gateway.url, { ca: authority }), texts: string[] = [];
    for (const name of ["b.example", "c.example"]) {
      const stream = session.request({ ":path": "/x", ":authority": name, forwarded: "for=6.6.6.6" });
      let text = "";
      stream.setEncoding("utf8").on("data", (piece: string) => text += piece);
      await once(stream, "end");
      texts.push(text);
    }
    session.close();
    await once(session, "close");
    assert.deepEqual(texts, ["for b", "ok"]);
    assert.deepEqual(seen, [["c.example", null, null, "c.example"]]);
    assert.deepEqual(origin.requests[0].head.headerValues("host"), ["c.example"]);
  });

  Deno.test(`${engine}: what a client says of where it came from is there for policies when a proxy said it, else not`, async () => {
    const request = head("GET /x HTTP/1.1", "host: a", "forwarded: for=192.0.2.9", "x-forwarded-for: 192.0.2.9");
    const cases: readonly [trusted: readonly string[], seen: Seen][] = [
      [[], ["a", null, null, "a"]],
      [["127.0.0.0/8"], ["a", "for=192.0.2.9", "192.0.2.9", "a"]],
    ];
    for (const [trusted, expected] of cases) {
      const seen: Seen[] = [];
      await using origin = await ScriptedOrigin.start([answer(200, "ok")]);
      await using gateway = TestGateway.start(configTo(origin, seen, trusted), {}, { engine });
      await using client = await gateway.connect();
      assert.equal((await client.exchange(request)).text, "ok");
      assert.deepEqual(seen, [expected]);
    }
  });
}
