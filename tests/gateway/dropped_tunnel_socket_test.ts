import { strict as assert } from "node:assert";
import { type ContextReply, defineGateway, definePolicy } from "gatewright";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { TestGateway } from "../support/test_gateway.ts";

type Next = () => ContextReply | Promise<ContextReply>;

/** Ways in which a policy does not pass a switch of protocols on, and what its client gets. */
const WAYS: readonly [
  way: string,
  handle: (next: Next, asked: Promise<unknown>) => Promise<Response>,
  status: number,
][] = [
  ["answers with a Response of its own", async (next) => {
    await next();
    return new Response("mine");
  }, 200],
  ["answers without waiting for it", async (next, asked) => {
    next();
    await asked;
    return new Response("mine");
  }, 200],
  ["throws behind it", async (next) => {
    await next();
    throw new Error("no");
  }, 500],
  ["asks for its Response, which there is none of", async (next) => (await next()).response(), 500],
];

for (const [way, handle, status] of WAYS) {
  Deno.test(`a policy ${way}: the 101 below it is given up, its connection closed, its place in the pool free`, async () => {
    await using origin = await ScriptedOrigin.start(async (request) => {
      if (request.target !== "/switch") return await request.send(answer(200, "here"));
      await request.send("HTTP/1.1 101 Switching Protocols\r\nupgrade: foo\r\nconnection: upgrade\r\n\r\n");
      await request.hang();
    });
    const drop = definePolicy({
      name: "drop",
      handle: (ctx, next) => ctx.path === "/switch" ? handle(next, origin.request()) : next(),
    });
    await using gateway = TestGateway.start(
      defineGateway({
        upstreams: { o: { endpoints: [origin.url], pool: { max: 1 } } },
        routes: [{ path: "/*", upstream: "o", policies: [drop] }],
      }),
      {},
      { engine: "h1" },
    );
    await using client = await gateway.connect();
    const switching = "GET /switch HTTP/1.1\r\nhost: a\r\nupgrade: foo\r\nconnection: upgrade\r\n\r\n";
    assert.equal((await client.exchange(switching)).status, status);
    await (await origin.connection()).ended();
    assert.equal((await client.exchange("GET / HTTP/1.1\r\nhost: a\r\n\r\n")).text, "here");
    assert.equal(origin.connections.length, 2);
  });
}
