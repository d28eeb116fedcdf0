import { strict as assert } from "node:assert";
import { postDirectly } from "../../src/cli/post_directly.ts";

const PATIENCE = 10_000;

Deno.test("what is posted goes to its address only, whatever proxy the environment names, and follows nobody elsewhere", async () => {
  const seen: string[] = [];
  const serve = (name: string, answer: () => Response) =>
    Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
      seen.push([name, request.method, request.headers.get("authorization"), await request.text()].join(" "));
      return answer();
    });
  const proxy = serve("proxy", () => new Response("proxy"));
  const there = serve("there", () => Response.redirect(`http://127.0.0.1:${proxy.addr.port}/`, 307));
  Deno.env.set("HTTP_PROXY", `http://127.0.0.1:${proxy.addr.port}`);
  try {
    const url = `http://127.0.0.1:${there.addr.port}/a`, headers = { authorization: "Bearer t" };
    assert.deepEqual(await postDirectly(url, { headers, body: "ü", patience: PATIENCE }), { status: 307, text: "" });
    assert.deepEqual(seen, ["there POST Bearer t ü"]);
  } finally {
    Deno.env.delete("HTTP_PROXY");
    await Promise.all([proxy.shutdown(), there.shutdown()]);
  }
});

Deno.test("where no answer comes, posting says why", async () => {
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 }), { port } = silent.addr as Deno.NetAddr;
  const post = (patience: number) => postDirectly(`http://127.0.0.1:${port}/`, { headers: {}, body: "", patience });
  await assert.rejects(post(1), { message: "no answer within 0.001 s" });
  silent.close();
  await assert.rejects(post(PATIENCE), /refused/i);
});
