import { strict as assert } from "node:assert";
import { gunzipSync } from "node:zlib";
import { isBodySource } from "../../../src/core/body.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { definitionOf } from "../../../src/core/policy.ts";
import { Reply } from "../../../src/core/reply.ts";
import { compress, compressDefinition, type CompressOptions } from "../../../src/policies/shape/compress.ts";
import { compressSchema } from "../../../src/policies/shape/compress_schema.ts";
import { type ExchangeOptions, makeEnv, makeExchange, readAll, ScriptedBody } from "../../support/exchange.ts";

const TEXT = '{"name":"a name that is repeated"}'.repeat(100);

/** The reply to a request for a reply with these fields and this body. */
async function ask(
  reply: Reply,
  request: ExchangeOptions = { headers: [["accept-encoding", "gzip"]] },
  options: CompressOptions = {},
): Promise<Reply> {
  const handler = compressDefinition.build(compressSchema.parse(options), makeEnv(), "a/compress")(() => reply);
  return await handler(makeExchange(request));
}

function json(fields: readonly string[] = [], status = 200): Reply {
  return new Reply(
    status,
    HeaderList.of("content-type", "application/json", ...fields),
    new TextEncoder().encode(TEXT),
  );
}

Deno.test("compress() sends what a client takes, with fields that fit", async () => {
  const fields = [
    ...[
      "etag",
      '"abc"',
      "content-length",
      "3400",
      "accept-ranges",
      "bytes",
      "vary",
      "Origin",
      "cache-control",
      "max-age=5",
    ],
    ...[
      "content-digest",
      "sha-256=:x:",
      "repr-digest",
      "sha-256=:y:",
      "digest",
      "a=b",
      "content-md5",
      "c",
      "x-kept",
      "1",
    ],
  ];
  const reply = await ask(json(fields));
  assert.equal(new TextDecoder().decode(gunzipSync(reply.body as Uint8Array)), TEXT);
  assert.deepEqual(
    reply.headers.flat(),
    [
      ...[
        "content-type",
        "application/json",
        "cache-control",
        "max-age=5",
        "x-kept",
        "1",
        "vary",
        "Origin, accept-encoding",
      ],
      ...["etag", 'W/"abc"', "content-encoding", "gzip"],
    ],
  );
});

Deno.test("compress() leaves alone what must not or need not be compressed", async (t) => {
  const rows: [name: string, reply: () => Reply, request?: ExchangeOptions][] = [
    ["an answer that is encoded", () => json(["content-encoding", "br"])],
    ["one that says so of itself", () => json(["content-encoding", "identity"])],
    ["no-transform", () => json(["cache-control", "public, No-Transform"])],
    ["a request that says no-transform", () => json(), {
      headers: [["accept-encoding", "gzip"], ["cache-control", "no-transform"]],
    }],
    ["a part", () => json(["content-range", "bytes 0-9/10"], 206)],
    ["nothing new", () => json([], 304)],
    ["no content", () => new Reply(204, HeaderList.of("content-type", "text/html"), null)],
    ["no body", () => new Reply(200, HeaderList.of("content-type", "text/html"), null)],
    ["an empty body", () => new Reply(200, HeaderList.of("content-type", "text/html"), new Uint8Array(0))],
    ["an image", () => new Reply(200, HeaderList.of("content-type", "image/png"), new Uint8Array(5000))],
    ["no type", () => new Reply(200, HeaderList.of(), new Uint8Array(5000))],
    ["a short one", () => Reply.text(200, "x".repeat(1023))],
    [
      "a short stream",
      () => new Reply(200, HeaderList.of("content-type", "text/html"), new ScriptedBody(["x"], { length: 1 })),
    ],
    [
      "a short one to HEAD",
      () => new Reply(200, HeaderList.of("content-type", "text/html", "content-length", "9"), null),
      {
        method: "HEAD",
        headers: [["accept-encoding", "gzip"]],
      },
    ],
  ];
  for (const [name, make, request] of rows) {
    await t.step(name, async () => {
      const before = make(), fields = [...before.headers.flat()], { body } = before, after = await ask(before, request);
      assert.deepEqual(after.headers.flat(), fields);
      assert.equal(after.body, body);
    });
  }
});

Deno.test("compress() leaves the other side of a switched connection alone", async () => {
  const reply = json([], 101);
  reply.tunnel = { close() {} } as Reply["tunnel"];
  assert.equal((await ask(reply)).header("content-encoding"), null);
});

Deno.test("compress() says that the answer varies, also to those who get it as it is", async () => {
  for (const accept of [null, "identity", "gzip;q=0"]) {
    const reply = await ask(json(["etag", '"a"']), { headers: accept === null ? [] : [["accept-encoding", accept]] });
    assert.deepEqual([reply.header("vary"), reply.header("etag"), reply.header("content-encoding")], [
      "accept-encoding",
      '"a"',
      null,
    ]);
  }
  for (
    const [vary, merged] of [["*", "*"], ["Accept-Encoding", "Accept-Encoding"], ["A, B", "A, B, accept-encoding"], [
      "",
      "accept-encoding",
    ]]
  ) {
    assert.equal((await ask(json(["vary", vary]))).header("vary"), merged);
  }
});

Deno.test("compress() weakens a tag, and drops what is none", async () => {
  for (const [tag, weak] of [['"a"', 'W/"a"'], ['W/"a"', 'W/"a"'], ["a", null], ['""', 'W/""']] as const) {
    assert.equal((await ask(json(["etag", tag]))).header("etag"), weak, tag);
  }
});

Deno.test("compress() names a tag in an answer 304 as the client has it", async () => {
  const rows: [asked: string, answered: string, vary: string | null][] = [
    ['W/"a"', 'W/"a"', "accept-encoding"],
    ['"x", W/"a"', 'W/"a"', "accept-encoding"],
    ['"a"', '"a"', null],
    ["*", '"a"', null],
  ];
  for (const [asked, answered, vary] of rows) {
    const request = { headers: [["accept-encoding", "gzip"], ["if-none-match", asked]] as [string, string][] };
    const reply = await ask(new Reply(304, HeaderList.of("etag", '"a"'), null), request);
    assert.deepEqual([reply.header("etag"), reply.header("vary")], [answered, vary], asked);
  }
});

Deno.test("compress() answers HEAD with the fields of GET and without a length", async () => {
  const fields = ["content-type", "text/html", "content-length", "5000", "etag", '"a"', "accept-ranges", "bytes"];
  for (const body of [null, new Uint8Array(5000), new ScriptedBody(["x"])]) {
    const reply = await ask(new Reply(200, HeaderList.of(...fields), body), {
      method: "HEAD",
      headers: [["accept-encoding", "br"]],
    });
    assert.equal(reply.body, null);
    assert.deepEqual(reply.headers.flat(), [
      ...["content-type", "text/html", "vary", "accept-encoding", "etag", 'W/"a"', "content-encoding", "br"],
    ]);
    if (body instanceof ScriptedBody) assert.equal(body.cancelled, 1);
  }
});

Deno.test("compress() streams what is long or still arriving", async () => {
  const long = await ask(new Reply(200, HeaderList.of("content-type", "text/plain"), new Uint8Array(100_000)));
  assert.ok(isBodySource(long.body));
  assert.equal(gunzipSync(await readAll(long.body)).length, 100_000);
  const arriving = await ask(
    new Reply(200, HeaderList.of("content-type", "text/event-stream"), new ScriptedBody(["a", "b"])),
  );
  assert.ok(isBodySource(arriving.body) && arriving.body.length === undefined);
  assert.equal(gunzipSync(await readAll(arriving.body)).toString(), "ab");
});

Deno.test("compress() sends what compression would make longer as it is", async () => {
  const noise = crypto.getRandomValues(new Uint8Array(4000));
  const reply = await ask(new Reply(200, HeaderList.of("content-type", "text/plain"), noise));
  assert.deepEqual([reply.body, reply.header("content-encoding"), reply.header("vary")], [
    noise,
    null,
    "accept-encoding",
  ]);
});

Deno.test("compress() reads what the client takes before policies behind it change that", async () => {
  const handler = compressDefinition.build(compressSchema.parse({}), makeEnv(), "a")((exchange) => {
    exchange.headers.set("accept-encoding", "identity");
    return Promise.resolve(json());
  });
  const reply = await handler(makeExchange({ headers: [["accept-encoding", "gzip"]] }));
  assert.equal(reply.header("content-encoding"), "gzip");
});

Deno.test("compress() is a value that says what it does", () => {
  const policy = compress({ encodings: ["gzip"] }), plan = compressSchema.parse({ minSize: "4KiB" });
  assert.deepEqual(JSON.parse(JSON.stringify(policy)), { kind: "compress", options: { encodings: ["gzip"] } });
  assert.equal(definitionOf(policy), compressDefinition);
  assert.equal(compressDefinition.describe?.(plan), "compress: zstd, br, gzip from 4KiB");
  assert.deepEqual(compressDefinition.traits?.(plan), { guard: false });
  assert.equal(compressDefinition.warnings?.(plan).length, 0);
  assert.equal(compressDefinition.warnings?.(compressSchema.parse({ levels: { br: 11 } })).length, 1);
});

Deno.test("compress() takes only options that mean something", () => {
  const wrong: [unknown, RegExp][] = [
    [{ encodings: [] }, /at least one encoding/],
    [{ encodings: ["deflate"] }, /expected "br", "zstd" or "gzip"/],
    [{ encodings: ["br", "br"] }, /br stands here twice/],
    [{ minSize: "1 KB" }, /expected a number of bytes/],
    [{ types: ["image/png"] }, /compressed in itself/],
    [{ types: ["*/*"] }, /no type of content/],
    [{ levels: { br: 12 } }, /from 0 to 11/],
    [{ level: 3 }, /Unrecognized key/],
  ];
  for (const [options, message] of wrong) {
    const { error } = compressSchema.safeParse(options);
    assert.match(error?.issues.map(({ message }) => message).join("\n") ?? "", message);
  }
});
