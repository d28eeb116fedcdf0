/** RFC 7541 on a connection: what breaks the compression breaks everything. @module */

import * as f from "../frames.ts";
import { answered, COMPRESSION, goaway, type Row, row } from "./row.ts";

const GET_BLOCK = f.block(...f.pseudo());
const raw = (...parts: (number | string | Uint8Array)[]) => [f.frame(f.HEADERS, 5, 1, f.bytes(...parts))];
const broken = (section: string, name: string, ...parts: (number | string | Uint8Array)[]): Row =>
  row(`RFC 7541 §${section}`, name, raw(...parts), [goaway(COMPRESSION)]);
const fine = (section: string, name: string, ...parts: (number | string | Uint8Array)[]): Row =>
  row(`RFC 7541 §${section}`, name, raw(...parts), answered(1));

export const HPACK: readonly Row[] = [
  broken("2.3.3", "an index beyond both tables", GET_BLOCK, 0xff, 0x30),
  broken("2.3.3", "an index of a name beyond both tables", GET_BLOCK, 0x7f, 0x30, 1, "x"),
  broken("6.1", "index 0", 0x80),
  broken("4.2", "a size update behind a field", GET_BLOCK, 0x20, 1, "a", 1, "b"),
  broken("6.3", "a table larger than was offered", 0x3f, 0xe2, 0x1f, GET_BLOCK),
  broken("5.1", "an integer without an end", GET_BLOCK, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
  broken("5.1", "an integer that is cut off", GET_BLOCK, 0xff, 0x80),
  broken("5.2", "a text that is cut off", GET_BLOCK, 0x00, 5, "ab"),
  broken("5.2", "a text that is missing", GET_BLOCK, 0x00, 1, "a"),
  broken("5.2", "padding of more than seven bits", GET_BLOCK, 0x00, 1, "x", 0x82, 0x1f, 0xff),
  broken("5.2", "padding of zeroes", GET_BLOCK, 0x00, 1, "x", 0x81, 0x18),
  broken("5.2", "the end-of-string symbol", GET_BLOCK, 0x00, 1, "x", 0x84, 0xff, 0xff, 0xff, 0xff),
  fine("4.2", "two size updates before the fields", 0x20, 0x3f, 0xe1, 0x1f, GET_BLOCK),
  fine("6.2.1", "a literal that is indexed, and read again", GET_BLOCK, 0x40, 3, "x-a", 1, "1", 0xbe),
  fine("6.2.2", "a literal without indexing", GET_BLOCK, 0x00, 3, "x-a", 1, "1"),
  fine("6.2.3", "a literal that is never indexed", GET_BLOCK, 0x10, 3, "x-a", 1, "1"),
  fine("5.2", "a text in Huffman code", GET_BLOCK, 0x00, 1, "x", 0x81, 0x1f),
  row(
    "4.3",
    "an invalid block on a stream that is open",
    [f.post(1, "/held"), f.frame(f.HEADERS, 5, 1, f.bytes(0x80))],
    [
      goaway(COMPRESSION, 1),
    ],
  ),
  row("4.3", "a refused request's fields count for the next one", [
    f.frame(f.HEADERS, 5, 1, f.bytes(f.block(...f.pseudo("GET", "/", "a b")), 0x40, 3, "x-a", 1, "1")),
    f.frame(f.HEADERS, 5, 3, f.bytes(GET_BLOCK, 0xbe)),
  ], ["HEADERS 1 400", "DATA 1 163 END", ...answered(3)]),
];
