/** Field lines: each byte of a name is a token's, no value holds a line end, and what is valid passes as it is. @module */

import type { Row } from "../row.ts";
import { get, refused } from "../shorthand.ts";

const SECTION = "9112 §5";

/** Lines that are no field. */
const BAD: readonly [name: string, line: string][] = [
  ["a space before the colon", "X : y"],
  ["a tab before the colon", "X\t: y"],
  ["no name", ": y"],
  ["no colon", "Xy"],
  ["a space inside the name", "X Y: z"],
  ["a parenthesis in the name", "X(y): z"],
  ["a quote in the name", 'X"y: z'],
  ["a slash in the name", "X/y: z"],
  ["an at sign in the name", "X@y: z"],
  ["a comma in the name", "X,y: z"],
  ["a bracket in the name", "X[y: z"],
  ["a NUL in the name", "X\0y: z"],
  ["a control byte in the name", "X\x7fy: z"],
  ["a byte above 0x7F in the name", "X\xe9y: z"],
  ["a value folded with a space", "X: y\r\n z"],
  ["a value folded with a tab", "X: y\r\n\tz"],
  ["a fold of nothing but white space", "X: y\r\n  "],
  ["a bare CR in the value", "X: y\rz"],
  ["a bare LF in the value", "X: y\nz"],
  ["a bare LF and a field in the value", "X: y\nHost: b.example"],
  ["a CR before the line end", "X: y\r"],
  ["a NUL in the value", "X: y\0z"],
  ["a NUL at the end of the value", "X: y\0"],
  ["a control byte in the value", "X: y\x01z"],
  ["a backspace in the value", "X: y\x08"],
  ["a DEL in the value", "X: y\x7fz"],
  ["an escape byte in the value", "X: \x1b[31m"],
];

/** Values that reach the origin as they are. */
const GOOD: readonly [name: string, line: string, seen: string][] = [
  ["no value", "X-A:", ""],
  ["a value of white space", "X-A: \t ", ""],
  ["no space behind the colon", "X-A:y", "y"],
  ["white space around the value", "X-A: \t y \t ", "y"],
  ["white space inside the value", "X-A: y \t  z", "y \t  z"],
  ["bytes above 0x7F", "X-A: caf\xe9 \x80\xff", "caf\xe9 \x80\xff"],
  ["UTF-8", "X-A: \xe2\x82\xac", "\xe2\x82\xac"],
  ["every visible character", "X-A: !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"],
  ["a colon in the value", "X-A: :y: z", ":y: z"],
  ["a value of 8 KB", `X-A: ${"y".repeat(8192)}`, "y".repeat(8192)],
];

/** The rows. */
export const fieldSyntax: readonly Row[] = [
  ...BAD.map(([name, line]) => refused(`a field with ${name}`, SECTION, get("/", line, "Accept: */*"))),
  ...GOOD.map(([name, line, seen]): Row => ({
    name: `a field with ${name}`,
    rfc: "9110 §5.5",
    send: get("/", line),
    expect: { status: 200, after: "kept", origin: { fields: { "x-a": [seen] } } },
  })),
  {
    name: "names keep their case and lines their order",
    rfc: "9110 §5.1",
    send: get("/", "X-OdD-cASE: 1", "x-b: 2", "X-C: 3"),
    expect: { status: 200, after: "kept", origin: { contains: ["X-OdD-cASE: 1\r\nx-b: 2\r\nX-C: 3\r\n"] } },
    serve: {
      why: "joinedFields",
      expect: { status: 200, after: "kept", origin: { contains: ["x-b: 2\r\nx-c: 3\r\nx-odd-case: 1\r\n"] } },
    },
  },
  {
    name: "every character of a token in a name",
    rfc: "9110 §5.6.2",
    send: get("/", "!#$%&'*+-.^`|~09AZaz: y"),
    expect: { status: 200, after: "kept", origin: { fields: { "!#$%&'*+-.^`|~09azaz": ["y"] } } },
  },
  {
    name: "lines of one name stay apart and in order",
    rfc: "9110 §5.3",
    send: get("/", "X-A: 1", "X-B: 2", "x-a: 3, 4", "X-A: 5"),
    expect: { status: 200, after: "kept", origin: { fields: { "x-a": ["1", "3, 4", "5"], "x-b": ["2"] } } },
    serve: {
      why: "joinedFields",
      expect: { status: 200, after: "kept", origin: { fields: { "x-a": ["1, 3, 4, 5"], "x-b": ["2"] } } },
    },
  },
  {
    name: "two lines of Cookie, which no comma may join",
    rfc: "9110 §5.3",
    send: get("/", "Cookie: a=1", "Cookie: b=2"),
    expect: { status: 200, after: "kept", origin: { fields: { cookie: /^a=1[;,] b=2$/ } } },
  },
  {
    name: "ninety fields",
    rfc: SECTION,
    send: get("/", ...Array.from({ length: 90 }, (_, i) => `X-${i}: ${i}`)),
    expect: { status: 200, after: "kept", origin: { fields: { "x-0": "0", "x-89": "89" } } },
  },
];
