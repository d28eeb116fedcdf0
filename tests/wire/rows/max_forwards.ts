/** Max-Forwards: how far an OPTIONS may go. @module */

import type { Row } from "../row.ts";
import { get, head } from "../shorthand.ts";

const SECTION = "9110 §7.6.2";
const options = (hops: string) => head("OPTIONS /x HTTP/1.1", "Host: a.example", `Max-Forwards: ${hops}`);

/** The rows. */
export const maxForwards: readonly Row[] = [
  {
    name: "OPTIONS that may go no further is answered here",
    rfc: SECTION,
    send: options("0"),
    expect: { status: [200, 204], fields: { allow: /\bOPTIONS\b/ }, after: "kept", origin: "nothing" },
  },
  ...[["1", "0"], ["2", "1"], ["10", "9"], ["100", "99"]].map(([sent, seen]): Row => ({
    name: `OPTIONS that may go ${sent} further may go ${seen} from here`,
    rfc: SECTION,
    send: options(sent),
    expect: { status: 200, after: "kept", origin: { line: "OPTIONS /x HTTP/1.1", fields: { "max-forwards": [seen] } } },
  })),
  {
    name: "Max-Forwards of another method is not touched",
    rfc: SECTION,
    send: get("/x", "Max-Forwards: 5"),
    expect: { status: 200, after: "kept", origin: { fields: { "max-forwards": ["5"] } } },
  },
  {
    name: "a GET that says 0 goes on: the field is for OPTIONS and TRACE",
    rfc: SECTION,
    send: get("/x", "Max-Forwards: 0"),
    expect: { status: 200, after: "kept", origin: { line: "GET /x HTTP/1.1" } },
  },
  {
    name: "Connection cannot take Max-Forwards away",
    rfc: "9110 §7.6.1",
    send: head("OPTIONS /x HTTP/1.1", "Host: a.example", "Max-Forwards: 3", "Connection: Max-Forwards"),
    expect: { status: 200, after: "kept", origin: { fields: { "max-forwards": ["2"] } } },
  },
  {
    name: "OPTIONS for a path goes to the origin",
    rfc: "9110 §9.3.7",
    send: head("OPTIONS /x HTTP/1.1", "Host: a.example"),
    origin: "HTTP/1.1 200 OK\r\nallow: GET, FOO\r\ncontent-length: 0\r\n\r\n",
    expect: { status: 200, fields: { allow: "GET, FOO" }, after: "kept", origin: { line: "OPTIONS /x HTTP/1.1" } },
  },
];
