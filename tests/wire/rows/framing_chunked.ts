/** The chunked coding of requests: taken in any pieces, checked byte by byte, written anew. @module */

import type { Expected, Row } from "../row.ts";
import { chunked, get } from "../shorthand.ts";

const SECTION = "9112 §7.1";

/** Chunks that say "hello". */
const GOOD: readonly [name: string, chunks: string][] = [
  ["in one chunk", "5\r\nhello\r\n0\r\n\r\n"],
  ["in five chunks", "1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n"],
  ["with zeros before the size", "0005\r\nhello\r\n000\r\n\r\n"],
  ["with an extension", "5;a=b\r\nhello\r\n0;last\r\n\r\n"],
  ["with a quoted extension", '5;a="b; c"\r\nhello\r\n0\r\n\r\n'],
];

/** Chunks that break the grammar. */
const BAD: readonly [name: string, chunks: string][] = [
  ["without a size", "\r\nabc\r\n0\r\n\r\n"],
  ["with letters for a size", "zz\r\nabc\r\n0\r\n\r\n"],
  ["with a negative size", "-3\r\nabc\r\n0\r\n\r\n"],
  ["with a plus", "+3\r\nabc\r\n0\r\n\r\n"],
  ["with 0x", "0x3\r\nabc\r\n0\r\n\r\n"],
  ["with an underscore", "0_3\r\nabc\r\n0\r\n\r\n"],
  ["with a space before the size", " 3\r\nabc\r\n0\r\n\r\n"],
  ["with a space behind the size", "3 \r\nabc\r\n0\r\n\r\n"],
  ["with a tab behind the size", "3\t\r\nabc\r\n0\r\n\r\n"],
  ["with a comma behind the size", "3,\r\nabc\r\n0\r\n\r\n"],
  ["with a size beyond 64 bits", "fffffffffffffffff\r\nabc\r\n0\r\n\r\n"],
  ["with a size that wraps round to 3", "10000000000000003\r\nabc\r\n0\r\n\r\n"],
  ["with LF behind the size", "3\nabc\r\n0\r\n\r\n"],
  ["with CR behind the size", "3\rabc\r\n0\r\n\r\n"],
  ["with LF behind the data", "3\r\nabc\n0\r\n\r\n"],
  ["with CR behind the data", "3\r\nabc\r0\r\n\r\n"],
  ["with nothing behind the data", "3\r\nabc0\r\n\r\n"],
  ["with more data than its size", "3\r\nabcd\r\n0\r\n\r\n"],
  ["with less data than its size", "5\r\nabc\r\n0\r\n\r\n"],
  ["with LF in an extension", "3;a\nb\r\nabc\r\n0\r\n\r\n"],
  ["with CR in an extension", "3;a\rb\r\nabc\r\n0\r\n\r\n"],
  ["with NUL in an extension", "3;a\0b\r\nabc\r\n0\r\n\r\n"],
  ["with an extension of 64 KB", `3;${"a".repeat(65_536)}\r\nabc\r\n0\r\n\r\n`],
  ["that end in LF alone", "3\r\nabc\r\n0\n\n"],
  ["with LF behind the last chunk", "3\r\nabc\r\n0\r\n\n"],
  ["with a trailer without a colon", "3\r\nabc\r\n0\r\nfoo\r\n\r\n"],
  ["with a trailer with a space before its colon", "3\r\nabc\r\n0\r\nfoo : bar\r\n\r\n"],
  ["with a trailer without a name", "3\r\nabc\r\n0\r\n: bar\r\n\r\n"],
  ["with a folded trailer", "3\r\nabc\r\n0\r\nfoo: a\r\n b\r\n\r\n"],
  ["with NUL in a trailer", "3\r\nabc\r\n0\r\nfoo: a\0b\r\n\r\n"],
  ["with LF behind a trailer", "3\r\nabc\r\n0\r\nfoo: bar\n\r\n"],
  ["with a request where the trailers are", "3\r\nabc\r\n0\r\nGET / HTTP/1.1\r\n\r\n"],
];

/** White space that the runtime takes. */
const SPACED: ReadonlySet<string> = new Set(["with a space before the size", "with a space behind the size"]);
/** Ends that the runtime takes for no end: it waits for more. */
const WAITING: ReadonlySet<string> = new Set(["that end in LF alone", "with LF behind the last chunk"]);

function onServe(name: string): Row["serve"] {
  if (SPACED.has(name)) return { why: "chunkSpace", expect: { status: 200, after: "kept", origin: { body: "abc" } } };
  const after = WAITING.has(name) ? "unchecked" : "ended";
  const answers = after === "ended" ? [{ status: 400, optional: true }] : [];
  return { why: "brokenBody", expect: { answers, after, origin: "nothing whole" } };
}

const BROKEN: Expected = { status: 400, after: "closed", origin: "nothing whole" };

/** The rows. */
export const framingChunked: readonly Row[] = [
  ...GOOD.map(([name, chunks]): Row => ({
    name: `a body ${name}`,
    rfc: SECTION,
    send: chunked(chunks),
    expect: {
      status: 200,
      after: "kept",
      // In chunks again, or with a length where the body was here as a whole; both at once fail when they are read.
      origin: { body: "hello" },
    },
  })),
  {
    name: "a body in chunks with white space before an extension",
    rfc: "9112 §7.1.1",
    send: chunked("5 ;a=b\r\nhello\r\n0\t ; c = d\r\n\r\n"),
    expect: { status: 200, after: "kept", origin: { body: "hello" } },
    serve: onServe("with white space before an extension"),
  },
  {
    name: "a size in both cases of hex",
    rfc: SECTION,
    send: chunked(`1a\r\n${"x".repeat(26)}\r\n1A\r\n${"y".repeat(26)}\r\n0\r\n\r\n`),
    expect: { status: 200, after: "kept", origin: { body: "x".repeat(26) + "y".repeat(26) } },
  },
  {
    name: "chunks that come byte by byte",
    rfc: SECTION,
    send: [...chunked("3;x\r\nabc\r\n2\r\nde\r\n0\r\nt: u\r\n\r\n")],
    methods: ["POST"],
    expect: { status: 200, after: "kept", origin: { body: "abcde" } },
  },
  {
    name: "no chunk but the last",
    rfc: SECTION,
    send: chunked("0\r\n\r\n"),
    expect: { status: 200, after: "kept", origin: { body: "" } },
  },
  {
    name: "a chunk of 200 KB",
    rfc: SECTION,
    send: chunked(`30d40\r\n${"z".repeat(200_000)}\r\n0\r\n\r\n`),
    expect: { status: 200, after: "kept", origin: { body: "z".repeat(200_000) } },
  },
  {
    name: "a chunk that looks like the end and a request",
    rfc: SECTION,
    send: chunked(`${(5 + get("/x").length).toString(16)}\r\n0\r\n\r\n${get("/x")}\r\n0\r\n\r\n`),
    expect: { status: 200, after: "kept", origin: { line: "POST / HTTP/1.1", body: `0\r\n\r\n${get("/x")}` } },
  },
  {
    name: "the coding in odd case, between white space",
    rfc: "9112 §7",
    send: chunked("5\r\nhello\r\n0\r\n\r\n").replace("Transfer-Encoding: chunked", "tRANSFER-eNCODING:\t chunKED \t"),
    expect: { status: 200, after: "kept", origin: { body: "hello" } },
  },
  ...BAD.map(([name, chunks]): Row => ({
    name: `a body in chunks ${name}`,
    rfc: SECTION,
    send: chunked(chunks),
    expect: BROKEN,
    serve: onServe(name),
  })),
  {
    name: "a broken chunk when the origin has the head already",
    rfc: SECTION,
    send: async (stage) => {
      await stage.client.send(chunked("3\r\nabc\r\n"));
      await stage.arrived("abc");
      await stage.client.send("zz\r\n");
    },
    methods: ["POST"],
    expect: BROKEN,
    serve: onServe("with letters for a size"),
  },
];
