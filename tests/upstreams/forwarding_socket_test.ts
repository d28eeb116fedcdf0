import { strict as assert } from "node:assert";
import { defineGateway, headers } from "gatewright";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { TestGateway } from "../support/test_gateway.ts";

/** A gateway that sends everything to one origin. */
function gatewayTo(origin: ScriptedOrigin, host?: string): TestGateway {
  const config = defineGateway({
    upstreams: { o: { endpoints: [origin.url as "http://x"], host } },
    policies: [headers({ request: { set: { "x-user": "alice", "x-tier": "gold" }, remove: ["x-tier"] } })],
    routes: [{ path: "/*", upstream: "o" }],
  });
  return TestGateway.start(config, {}, { engine: "h1" });
}

function text(...lines: string[]): string {
  return lines.join("\r\n") + "\r\n\r\n";
}

Deno.test("an upstream that gets the client's Host gets its own from a client that named none", async () => {
  await using origin = await ScriptedOrigin.start(answer(200));
  await using gateway = gatewayTo(origin);
  for (
    const [lines, host] of [
      [["GET / HTTP/1.0"], `127.0.0.1:${origin.port}`],
      [["GET / HTTP/1.0", "host: a.example"], "a.example"],
      [["GET / HTTP/1.1", "host: b.example:81"], "b.example:81"],
    ] as const
  ) {
    await using client = await gateway.connect();
    await client.send(text(...lines));
    assert.equal((await client.response()).status, 200);
    assert.equal(origin.requests.at(-1)?.header("host"), host);
  }
});

Deno.test("a Host that is set is sent to a client that named none as well", async () => {
  await using origin = await ScriptedOrigin.start(answer(200));
  await using gateway = gatewayTo(origin, "set.example");
  await using client = await gateway.connect();
  await client.send(text("GET / HTTP/1.0"));
  assert.equal((await client.response()).status, 200);
  assert.equal(origin.requests[0].header("host"), "set.example");
});

const VERSIONS: readonly [what: string, answer: string, via: string][] = [
  ["HTTP/1.1", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", "1.1 gatewright"],
  ["HTTP/1.0", "HTTP/1.0 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok", "1.0 gatewright"],
  ["HTTP/1.0 without a length", "HTTP/1.0 200 OK\r\n\r\nok", "1.0 gatewright"],
  ["HTTP/1.1 in chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "1.1 gatewright"],
  [
    "HTTP/1.1 behind another proxy",
    "HTTP/1.1 200 OK\r\nvia: 2 b\r\ncontent-length: 2\r\n\r\nok",
    "2 b, 1.1 gatewright",
  ],
];
for (const [what, bytes, via] of VERSIONS) {
  Deno.test(`Via of an answer names the version that the endpoint answered in: ${what}`, async () => {
    await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
      await request.send(bytes);
      if (!bytes.includes("length:") && !bytes.includes("chunked")) await request.connection.close();
    });
    await using gateway = gatewayTo(origin);
    const response = await fetch(gateway.url);
    assert.deepEqual([response.headers.get("via"), await response.text()], [via, "ok"]);
  });
}

Deno.test("trailers that Connection names, or that say again what a policy set, do not reach the upstream", async () => {
  await using origin = await ScriptedOrigin.start(answer(200));
  await using gateway = gatewayTo(origin);
  await using client = await gateway.connect();
  await client.send(
    text(
      ...["POST / HTTP/1.1", "host: a", "connection: X-Hop, x-also", "transfer-encoding: chunked"],
      ...["trailer: x-hop, x-sum", "x-seen: 1"],
    ) + "5\r\nhello\r\n0\r\nX-Hop: 1\r\nX-Also: 2\r\nx-user: mallory\r\nX-Seen: 2\r\nX-Sum: abc\r\n\r\n",
  );
  assert.equal((await client.response()).status, 200);
  const { bytes, trailers } = await origin.requests[0].body();
  assert.equal(new TextDecoder().decode(bytes), "hello");
  assert.deepEqual(trailers, [["x-sum", "abc"]]);
});
