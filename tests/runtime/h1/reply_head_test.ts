import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import type { Body } from "../../../src/core/body.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { decodeLatin1 } from "../../../src/http/latin1.ts";
import { ReadyHead } from "../../../src/policies/cache/ready_head.ts";
import { H1Exchange } from "../../../src/runtime/h1/h1_exchange.ts";
import { ReplyHeads } from "../../../src/runtime/h1/reply_head.ts";
import { makeExchange, ScriptedBody } from "../../support/exchange.ts";

const DATE = "Thu, 01 Jan 2026 00:00:00 GMT";
const SEVEN = new Uint8Array(7), OPEN = new ScriptedBody([]), SIZED = new ScriptedBody([], { length: 7 });

interface Case {
  readonly title: string;
  readonly method?: string;
  readonly http10?: boolean;
  readonly status?: number;
  readonly headers?: string[];
  readonly body?: Body;
  /** Whether the connection would go on. @default true */
  readonly persistent?: boolean;
  readonly framing: string;
  readonly keep?: boolean;
  /** The framing and connection fields, in order. */
  readonly lines: readonly string[];
}

const CASES: readonly Case[] = [
  { title: "bytes", body: SEVEN, framing: "length", lines: ["content-length: 7"] },
  { title: "no body", body: null, framing: "length", lines: ["content-length: 0"] },
  { title: "a source that knows its length", body: SIZED, framing: "length", lines: ["content-length: 7"] },
  { title: "a source that does not", body: OPEN, framing: "chunked", lines: ["transfer-encoding: chunked"] },
  {
    title: "a source that does not, to HTTP/1.0",
    http10: true,
    body: OPEN,
    framing: "close",
    keep: false,
    lines: ["connection: close"],
  },
  {
    title: "bytes to HTTP/1.0",
    http10: true,
    body: SEVEN,
    framing: "length",
    lines: ["content-length: 7", "connection: keep-alive"],
  },
  {
    title: "the last answer",
    persistent: false,
    body: SEVEN,
    framing: "length",
    keep: false,
    lines: ["content-length: 7", "connection: close"],
  },
  {
    title: "the last answer to HTTP/1.0",
    http10: true,
    persistent: false,
    body: SEVEN,
    framing: "length",
    keep: false,
    lines: ["content-length: 7", "connection: close"],
  },
  { title: "HEAD of a source without a length", method: "HEAD", body: OPEN, framing: "none", lines: [] },
  { title: "HEAD of bytes", method: "HEAD", body: SEVEN, framing: "none", lines: ["content-length: 7"] },
  {
    title: "HEAD with the length that GET would have",
    method: "HEAD",
    body: null,
    headers: ["content-length", "500"],
    framing: "none",
    lines: ["content-length: 500"],
  },
  { title: "HEAD without anything", method: "HEAD", body: null, framing: "none", lines: [] },
  {
    title: "HEAD to HTTP/1.0 of a source without a length: the connection may stay",
    method: "HEAD",
    http10: true,
    body: OPEN,
    framing: "none",
    lines: ["connection: keep-alive"],
  },
  { title: "204", status: 204, body: null, headers: ["content-length", "5"], framing: "none", lines: [] },
  { title: "204 with a body that nobody may send", status: 204, body: SEVEN, framing: "none", lines: [] },
  { title: "205", status: 205, body: SEVEN, framing: "none", lines: ["content-length: 0"] },
  {
    title: "304 with the length of the content",
    status: 304,
    body: null,
    headers: ["content-length", "500"],
    framing: "none",
    lines: ["content-length: 500"],
  },
  { title: "304 without", status: 304, body: null, framing: "none", lines: [] },
  {
    title: "a content-length that the body belies",
    body: SEVEN,
    headers: ["content-length", "500"],
    framing: "length",
    lines: ["content-length: 7"],
  },
  {
    title: "framing and hop-by-hop fields of a handler",
    body: SEVEN,
    headers: ["transfer-encoding", "gzip", "connection", "upgrade", "keep-alive", "timeout=5", "upgrade", "h2c"],
    framing: "length",
    lines: ["content-length: 7"],
  },
];

function exchangeOf({ method = "GET", http10 = false }: Pick<Case, "method" | "http10">): H1Exchange {
  const framing = { chunked: false, length: 0 };
  return new H1Exchange(makeExchange({ method, requestId: "id-1" }), { framing, persistent: true, http11: !http10 });
}

for (const one of CASES) {
  const { title, status = 200, headers = [], body = null, persistent = true, keep = true, framing, lines } = one;
  Deno.test(`ReplyHeads.write(): ${title}`, () => {
    const reply = new Reply(status, HeaderList.of(...headers), body);
    const wire = new ReplyHeads("x-request-id").write(exchangeOf(one), reply, DATE, persistent);
    assert.ok(wire.head.endsWith("\r\n\r\n"), JSON.stringify(wire.head));
    const all = wire.head.slice(0, -4).split("\r\n");
    const own = (line: string) => /^(?:content-length|transfer-encoding|connection|keep-alive|upgrade):/.test(line);
    assert.deepEqual([wire.framing, wire.keep, all.filter(own)], [framing, keep, lines]);
    assert.ok(all.includes(`date: ${DATE}`) && all.includes("x-request-id: id-1"));
  });
}

Deno.test("ReplyHeads.write(): fields in order with duplicates apart, a date of its own kept, an id of its own not", () => {
  const headers = HeaderList.of(
    "set-cookie",
    "a=1",
    "date",
    "yesterday",
    "set-cookie",
    "b=2",
    "x-request-id",
    "forged",
  );
  const { head } = new ReplyHeads("x-request-id").write(exchangeOf({}), new Reply(299, headers, null), DATE, true);
  assert.equal(
    head,
    "HTTP/1.1 299 \r\nset-cookie: a=1\r\ndate: yesterday\r\nset-cookie: b=2\r\ncontent-length: 0\r\n" +
      "x-request-id: id-1\r\n\r\n",
  );
});

for (const status of [99, 600, 1000, 200.5, NaN, -1, 0]) {
  Deno.test(`ReplyHeads.write() throws for the status ${status}`, () => {
    const reply = new Reply(status, HeaderList.of(), null);
    assert.throws(() => new ReplyHeads("x-request-id").write(exchangeOf({}), reply, DATE, true), RangeError);
  });
}

Deno.test("ReplyHeads.interim() is a whole head without what belongs to this hop or to the final answer", () => {
  const heads = new ReplyHeads("x-request-id");
  const fields = ["link", "</a>; rel=preload", "connection", "x", "content-length", "5", "link", "</b>"];
  assert.equal(
    heads.interim(103, fields),
    "HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\nlink: </b>\r\n\r\n",
  );
  assert.equal(heads.interim(102, []), "HTTP/1.1 102 Processing\r\n\r\n");
});

Deno.test("ReplyHeads.upgrade() passes the endpoint's fields and says Upgrade for this hop", () => {
  const headers = HeaderList.of("upgrade", "websocket", "connection", "Upgrade", "sec-websocket-accept", "abc=");
  assert.equal(
    new ReplyHeads("x-request-id").upgrade(exchangeOf({}), new Reply(101, headers, null)),
    "HTTP/1.1 101 Switching Protocols\r\nsec-websocket-accept: abc=\r\nupgrade: websocket\r\nconnection: upgrade\r\n" +
      "x-request-id: id-1\r\n\r\n",
  );
});

Deno.test("ReplyHeads.write(): fields that many replies share make the same head, of which the beginning is made once", () => {
  const heads = new ReplyHeads("x-request-id"),
    fields = ["set-cookie", "a=1", "set-cookie", "b=\xe9", "connection", "x"];
  const write = (
    one: Pick<Case, "method" | "http10">,
    headers: HeaderList,
    status: number,
    body: Body,
    keep: boolean,
  ) => {
    const { prefix, head } = heads.write(exchangeOf(one), new Reply(status, headers, body), DATE, keep);
    return { prefix, text: (prefix === null ? "" : decodeLatin1(Buffer.from(prefix), 0, prefix.length)) + head };
  };
  for (const more of [[], ["date", "yesterday"]]) {
    const all = [...fields, ...more], source = new ReadyHead(all), prefixes = new Set<Uint8Array | null>();
    for (
      const [one, status, body, keep] of [
        [{}, 200, SEVEN, true],
        [{}, 200, SEVEN, false],
        [{ http10: true }, 200, SEVEN, true],
        [{ method: "HEAD" }, 200, SEVEN, true],
        [{}, 200, null, true],
        [{}, 404, SEVEN, true],
        [{}, 204, null, true],
        [{}, 304, null, true],
      ] as const
    ) {
      const shared = write(one, new HeaderList(source), status, body, keep);
      assert.equal(shared.text, write(one, HeaderList.of(...all), status, body, keep).text);
      prefixes.add(shared.prefix);
    }
    assert.equal(prefixes.has(null), false);
    assert.equal(prefixes.size, 4); // one for each status
    const changed = new HeaderList(source);
    changed.append("x-own", "1");
    assert.equal(write({}, changed, 200, SEVEN, true).prefix, null);
  }
});
