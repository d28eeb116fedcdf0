/** Content-Length: one field of digits, or the request is refused; and the body is what it says, to the byte. @module */

import type { Row } from "../row.ts";
import { get, post, refused } from "../shorthand.ts";

const ALL_BYTES = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");
const SECTION = "9112 §6.3";

/** Fields that are no length. */
const BAD: readonly [name: string, ...fields: string[]][] = [
  ["with a plus", "Content-Length: +3"],
  ["with a minus", "Content-Length: -3"],
  ["without a value", "Content-Length:"],
  ["of white space", "Content-Length:  \t "],
  ["in hex", "Content-Length: 0x3"],
  ["with a fraction", "Content-Length: 3.0"],
  ["with an exponent", "Content-Length: 3e0"],
  ["in words", "Content-Length: three"],
  ["in quotes", 'Content-Length: "3"'],
  ["with a semicolon", "Content-Length: 3;"],
  ["with a space inside", "Content-Length: 1 3"],
  ["with an underscore", "Content-Length: 1_0"],
  ["in Arabic digits", "Content-Length: \xd9\xa3"],
  ["with a vertical tab", "Content-Length: 3\x0b"],
  ["as a list", "Content-Length: 3, 3"],
  ["as a list that contradicts itself", "Content-Length: 3, 4"],
  ["as a list with an empty end", "Content-Length: 3,"],
  ["in two equal lines", "Content-Length: 3", "Content-Length: 3"],
  ["in two lines that contradict each other", "Content-Length: 3", "Content-Length: 5"],
  ["in two lines, the second in odd case", "Content-Length: 3", "cONTENT-lENGTH: 5"],
  ["in two lines, one of them empty", "Content-Length: 3", "Content-Length:"],
  ["before a space and the colon", "Content-Length : 3"],
  ["folded over two lines", "Content-Length:\r\n 3"],
];

const OPEN: Row["serve"] = {
  why: "openAfterRefusal",
  expect: { status: 400, after: "unchecked", origin: "nothing" },
};
/** Lengths that pass the runtime's parser, and are refused behind it. */
const SEEN_LATE: ReadonlySet<string> = new Set(["in two equal lines"]);

/** The rows. */
export const framingContentLength: readonly Row[] = [
  {
    name: "a body with its length",
    rfc: "9112 §6.2",
    send: post(["Content-Length: 5"], "hello"),
    expect: {
      status: 200,
      after: "kept",
      origin: { framing: "length", body: "hello", fields: { "content-length": ["5"], "transfer-encoding": null } },
    },
  },
  {
    name: "a body of every byte there is",
    rfc: "9110 §6.4",
    send: post(["Content-Length: 256"], ALL_BYTES),
    expect: { status: 200, after: "kept", origin: { body: ALL_BYTES } },
  },
  {
    name: "a body that comes byte by byte",
    rfc: "9112 §6.2",
    send: [...post(["Content-Length: 5"], "hello")],
    methods: ["POST"],
    expect: { status: 200, after: "kept", origin: { body: "hello" } },
  },
  {
    name: "a body that looks like a request",
    rfc: "9112 §6.2",
    send: post([`Content-Length: ${get("/admin").length}`], get("/admin")),
    expect: { status: 200, after: "kept", origin: { line: "POST / HTTP/1.1", body: get("/admin") } },
  },
  {
    name: "a body of a megabyte",
    rfc: "9112 §6.2",
    send: post([`Content-Length: ${2 ** 20}`], "0123456789abcdef".repeat(2 ** 16)),
    expect: { status: 200, after: "kept", origin: { body: "0123456789abcdef".repeat(2 ** 16) } },
  },
  {
    name: "a length with leading zeros",
    rfc: "9110 §8.6",
    send: post(["Content-Length: 0005"], "hello"),
    expect: {
      status: 200,
      after: "kept",
      origin: { framing: "length", body: "hello", fields: { "content-length": "5" } },
    },
  },
  {
    name: "a length between white space",
    rfc: "9112 §5.1",
    send: post(["Content-Length: \t5 \t"], "hello"),
    expect: {
      status: 200,
      after: "kept",
      origin: { framing: "length", body: "hello", fields: { "content-length": ["5"] } },
    },
  },
  {
    name: "bytes behind a body are the next request, and none here",
    rfc: "9112 §6.3",
    send: post(["Content-Length: 3"], "abcGARBAGE\r\n\r\n"),
    methods: ["POST", "GET"],
    expect: { answers: [{ status: 200 }, { status: 400 }], after: "closed", origin: { body: "abc" } },
  },
  ...BAD.map(([name, ...fields]) =>
    refused(`a length ${name}`, SECTION, post(fields, "abc"), 400, SEEN_LATE.has(name) ? OPEN : undefined)
  ),
  refused("a length of twenty digits", SECTION, post(["Content-Length: 99999999999999999999"], "abc"), [400, 413]),
  refused("a length that wraps round at 64 bits to 3", SECTION, post(["Content-Length: 18446744073709551619"], "abc"), [
    400,
    413,
  ]),
  refused(
    "a length beyond exact integers",
    SECTION,
    post(["Content-Length: 9007199254740993"], "abc"),
    [400, 413],
    OPEN,
  ),
  refused("a GET with two lengths", SECTION, get("/", "Content-Length: 0", "Content-Length: 5") + "hello"),
];
