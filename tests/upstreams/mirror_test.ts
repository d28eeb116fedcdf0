import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type Body, BodyError } from "../../src/core/body.ts";
import type { Exchange } from "../../src/core/exchange.ts";
import type { MaybePromise } from "../../src/core/handler.ts";
import { HeaderList } from "../../src/core/header_list.ts";
import { Reply } from "../../src/core/reply.ts";
import { Mirror, type MirrorOptions } from "../../src/upstreams/mirror.ts";
import { ReplayableBody } from "../../src/upstreams/retry/replayable_body.ts";
import { UnattendedWork } from "../../src/upstreams/unattended_work.ts";
import { makeExchange, readAll, ScriptedBody } from "../support/exchange.ts";
import { turn } from "../support/turn.ts";
import { seededRandom } from "./balancers/seeded_random.ts";

/** A mirror whose upstream answers as a test says, at once by default. */
function bed(options: Partial<MirrorOptions> = {}, answer: (copy: Exchange) => MaybePromise<Reply> = () => ok()) {
  const copies: Exchange[] = [], unattended = new UnattendedWork();
  const handler = (copy: Exchange) => {
    copies.push(copy);
    return answer(copy);
  };
  const settings = { share: 1, maxInFlight: 64, buffer: 100, ...options };
  return { copies, unattended, mirror: new Mirror(settings, handler, seededRandom(1), unattended) };
}

function ok(body: Body = null): Reply {
  return new Reply(200, HeaderList.of(), body);
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("a copy is the request, in an exchange of its own", () => {
  const { mirror, copies } = bed();
  const exchange = makeExchange({
    method: "POST",
    path: "/a/b",
    query: "?c=d",
    headers: [["x-one", "1"], ["x-two", "a"], ["x-two", "b"]],
    body: bytes("hello"),
    captures: ["b"],
    params: { id: "b" },
    route: "users",
  });
  exchange.httpVersion = "2";
  mirror.copy(exchange, null);
  const [copy] = copies;
  assert.notEqual(copy, exchange);
  for (
    const part of [
      "method",
      "path",
      "query",
      "authority",
      "host",
      "scheme",
      "client",
      "requestId",
      "startedAt",
    ] as const
  ) {
    assert.equal(copy[part], exchange[part], part);
  }
  assert.deepEqual([copy.httpVersion, copy.route, copy.captures, copy.params], ["2", "users", ["b"], { id: "b" }]);
  assert.deepEqual(copy.headers.flat(), ["x-one", "1", "x-two", "a", "x-two", "b"]);
  assert.deepEqual(copy.body, bytes("hello"));
});

Deno.test("what happens to one of the two does not happen to the other", async () => {
  const { mirror, copies } = bed({}, (copy) => {
    copy.headers.set("x-one", "changed");
    copy.error = "upstream_reset";
    copy.attempts = 3;
    copy.endpoint = "shadow/a";
    return ok();
  });
  const exchange = makeExchange({ headers: [["x-one", "1"]] });
  mirror.copy(exchange, null);
  await turn();
  assert.deepEqual([exchange.headers.get("x-one"), exchange.error, exchange.attempts, exchange.endpoint], [
    "1",
    "",
    0,
    "",
  ]);
  exchange.headers.set("x-late", "1");
  exchange.abort();
  assert.equal(copies[0].headers.get("x-late"), null);
  assert.ok(!copies[0].aborted, "the client's going ends no copy");
});

Deno.test("a copy of a body that arrives has the fields as they were when the request came", async () => {
  const { mirror, copies } = bed();
  const exchange = makeExchange({ method: "PUT", headers: [["x-one", "1"]] });
  const body = new ReplayableBody(new ScriptedBody(["ab", "cd"]), 100), view = body.view();
  mirror.copy(exchange, body);
  exchange.headers.set("x-one", "changed");
  assert.equal(copies.length, 0);
  await readAll(view);
  assert.deepEqual(copies.map((copy) => [copy.headers.get("x-one"), copy.body]), [["1", bytes("abcd")]]);
});

Deno.test("property: a body that is copied is copied exactly, whatever becomes of the original", async () => {
  let copied = 0;
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.nat(120), fc.boolean(), fc.nat(3), async (pieces, buffer, sync, tries) => {
      const { mirror, copies } = bed({ buffer }), all = pieces.flatMap((piece) => [...piece]);
      // Retries may keep more than the mirror wants.
      const body = new ReplayableBody(new ScriptedBody(pieces, { sync }), 150);
      mirror.copy(makeExchange({ method: "POST" }), body);
      for (let i = 0; i < tries && body.replayable; i++) await body.view().read(new Uint8Array(10));
      if (body.replayable) await readAll(body.view(), 16);
      if (copies.length === 0) return assert.ok(all.length > Math.min(buffer, 150));
      copied++;
      assert.ok(all.length <= buffer);
      assert.equal(copies.length, 1);
      assert.deepEqual([...copies[0].body as Uint8Array], all);
    }),
  );
  assert.ok(copied > 10, `only ${copied} were copied`);
});

Deno.test("a body that is at hand is copied if it is not longer than the buffer", () => {
  const { mirror, copies } = bed({ buffer: 5 });
  mirror.copy(makeExchange({ body: bytes("12345") }), null);
  mirror.copy(makeExchange({ body: bytes("123456") }), null);
  mirror.copy(makeExchange({ body: bytes("") }), null);
  assert.deepEqual(copies.map(({ body }) => (body as Uint8Array).length), [5, 0]);
});

Deno.test("a request whose body breaks off, is given up or outgrows its cap is not copied", async () => {
  const { mirror, copies } = bed();
  const broken = new ReplayableBody(new ScriptedBody(["a"], { failure: new BodyError("client", "gone") }), 100);
  mirror.copy(makeExchange(), broken);
  await assert.rejects(() => readAll(broken.view()), /gone/);
  const givenUp = new ReplayableBody(new ScriptedBody(["a"]), 100);
  mirror.copy(makeExchange(), givenUp);
  givenUp.cancel();
  const large = new ReplayableBody(new ScriptedBody(["abcd"]), 3);
  mirror.copy(makeExchange(), large);
  await readAll(large.view());
  assert.deepEqual([copies.length, mirror.inFlight], [0, 0]);
});

Deno.test("a request that asks for another protocol, or whose body nobody keeps, is not copied", () => {
  const { mirror, copies } = bed();
  const upgrade = makeExchange();
  upgrade.upgrade = "websocket";
  mirror.copy(upgrade, null);
  mirror.copy(makeExchange({ body: new ScriptedBody(["a"]) }), null);
  assert.equal(copies.length, 0);
});

for (const share of [0.1, 0.5]) {
  Deno.test(`a share of ${share} copies as many of the requests`, async () => {
    const { mirror, copies } = bed({ share });
    for (let i = 0; i < 10_000; i++) {
      mirror.copy(makeExchange(), null);
      await null;
    }
    // Four standard deviations.
    assert.ok(
      Math.abs(copies.length - 10_000 * share) < 4 * Math.sqrt(10_000 * share * (1 - share)),
      `${copies.length}`,
    );
  });
}

Deno.test("no more copies are under way than may be, until their answers' bodies have ended", async () => {
  const answers: PromiseWithResolvers<Reply>[] = [];
  const { mirror, copies, unattended } = bed({ maxInFlight: 2 }, () => {
    const answer = Promise.withResolvers<Reply>();
    answers.push(answer);
    return answer.promise;
  });
  for (let i = 0; i < 5; i++) mirror.copy(makeExchange(), null);
  assert.deepEqual([copies.length, mirror.inFlight, unattended.size], [2, 2, 2]);
  const body = new SlowBody();
  answers[0].resolve(ok(body));
  await turn();
  mirror.copy(makeExchange(), null);
  assert.deepEqual([copies.length, mirror.inFlight], [2, 2], "its body is on its way");
  body.arrive(0);
  await turn();
  assert.deepEqual([mirror.inFlight, unattended.size], [1, 1]);
  mirror.copy(makeExchange(), null);
  assert.equal(copies.length, 3);
});

Deno.test("bodies that become whole all at once make no more copies than may be", async () => {
  const { mirror, copies } = bed({ maxInFlight: 2 }, () => new Promise<Reply>(() => {}));
  const bodies = Array.from({ length: 4 }, () => new ReplayableBody(new ScriptedBody(["a"]), 100));
  for (const body of bodies) mirror.copy(makeExchange(), body);
  await Promise.all(bodies.map((body) => readAll(body.view())));
  assert.deepEqual([copies.length, mirror.inFlight], [2, 2]);
});

Deno.test("a mirror that is full asks for no body to be kept", () => {
  const { mirror } = bed({ maxInFlight: 0 }), body = new ReplayableBody(new ScriptedBody(["a"]), 100);
  body.onWhole = () => assert.fail("it was asked for");
  mirror.copy(makeExchange(), body);
});

Deno.test("an answer is read to its end and dropped", async () => {
  const body = new ScriptedBody(["x".repeat(50_000), "y"]);
  const { mirror } = bed({}, () => ok(body));
  mirror.copy(makeExchange(), null);
  await turn();
  assert.equal(mirror.inFlight, 0);
  assert.equal((await readAll(body)).length, 0);
  assert.equal(body.cancelled, 0);
});

for (
  const [what, answer] of [
    ["throws", () => {
      throw new Error("broken");
    }],
    ["rejects", () => Promise.reject(new Error("broken"))],
    ["breaks off", () => ok(new ScriptedBody(["a"], { failure: new BodyError("endpoint", "cut") }))],
  ] as const
) {
  Deno.test(`nobody hears it when a mirror ${what}`, async () => {
    const { mirror, unattended } = bed({}, answer);
    mirror.copy(makeExchange(), null);
    const body = new ReplayableBody(new ScriptedBody(["a"]), 100);
    mirror.copy(makeExchange(), body);
    await readAll(body.view());
    await turn();
    assert.deepEqual([mirror.inFlight, unattended.size], [0, 0]);
  });
}

Deno.test("when the gateway has stopped, copies under way are given up, and later ones at once", async () => {
  const never = Promise.withResolvers<Reply>(), body = new SlowBody();
  const { mirror, copies, unattended } = bed({}, ({ path }) => path === "/hangs" ? never.promise : ok(body));
  mirror.copy(makeExchange({ path: "/hangs" }), null);
  mirror.copy(makeExchange({ path: "/drips" }), null);
  await turn();
  unattended.close();
  await turn();
  assert.ok(copies.every(({ aborted }) => aborted));
  assert.equal(body.cancelled, 1);
  assert.equal(mirror.inFlight, 1, "the one whose upstream has not heard of it yet");
  never.reject(new Error("given up"));
  await turn();
  assert.equal(mirror.inFlight, 0);
  mirror.copy(makeExchange(), null);
  assert.ok(copies[2].aborted);
});

/** A body that waits for a test. */
class SlowBody {
  readonly length = undefined;
  cancelled = 0;
  #waiting: PromiseWithResolvers<number> | null = null;

  read(): Promise<number> {
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  arrive(count: number): void {
    this.#waiting?.resolve(count);
  }

  cancel(): void {
    this.cancelled++;
    this.#waiting?.reject(new BodyError("client", "given up"));
  }
}
