import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { requestFraming } from "../../../src/runtime/intake/framing.ts";

interface Case {
  readonly title: string;
  readonly length?: string;
  readonly repeated?: boolean;
  readonly coding?: string;
  readonly http10?: boolean;
  /** A length, `chunked`, or the status and code of the refusal. */
  readonly is: number | "chunked" | `${number} ${string}`;
}

const BAD_LENGTH = "400 bad_content_length", BAD_CODING = "400 bad_transfer_encoding";
const UNKNOWN = "501 transfer_coding_not_implemented";

const CASES: readonly Case[] = [
  { title: "neither field", is: 0 },
  { title: "neither field in HTTP/1.0", http10: true, is: 0 },
  { title: "a length", length: "5", is: 5 },
  { title: "a length in HTTP/1.0", length: "5", http10: true, is: 5 },
  { title: "a length of 0", length: "0", is: 0 },
  { title: "leading zeros", length: "0005", is: 5 },
  { title: "the longest length", length: "9".repeat(15), is: 999_999_999_999_999 },
  { title: "a length that no number holds", length: "9".repeat(16), is: BAD_LENGTH },
  { title: "sixteen zeros", length: "0".repeat(16), is: BAD_LENGTH },
  { title: "an empty length", length: "", is: BAD_LENGTH },
  { title: "a sign", length: "+5", is: BAD_LENGTH },
  { title: "a negative length", length: "-5", is: BAD_LENGTH },
  { title: "a fraction", length: "5.0", is: BAD_LENGTH },
  { title: "an exponent", length: "1e3", is: BAD_LENGTH },
  { title: "hexadecimal", length: "0x5", is: BAD_LENGTH },
  { title: "a list of equals", length: "5, 5", is: BAD_LENGTH },
  { title: "a list with an empty end", length: "5,", is: BAD_LENGTH },
  { title: "inner space", length: "5 5", is: BAD_LENGTH },
  { title: "an outer space that was not stripped", length: "5 ", is: BAD_LENGTH },
  { title: "other digits", length: "\u0665", is: BAD_LENGTH },
  { title: "two fields of one value", length: "5", repeated: true, is: BAD_LENGTH },
  { title: "chunked", coding: "chunked", is: "chunked" },
  { title: "Chunked", coding: "Chunked", is: "chunked" },
  { title: "chunked in HTTP/1.0", coding: "chunked", http10: true, is: BAD_CODING },
  { title: "both fields", length: "5", coding: "chunked", is: BAD_CODING },
  { title: "both fields, the length 0", length: "0", coding: "chunked", is: BAD_CODING },
  { title: "both fields, the coding unknown", length: "5", coding: "gzip", is: BAD_CODING },
  { title: "both fields, the coding empty", length: "5", coding: "", is: BAD_CODING },
  { title: "gzip", coding: "gzip", is: UNKNOWN },
  { title: "gzip, chunked", coding: "gzip, chunked", is: UNKNOWN },
  { title: "identity", coding: "identity", is: UNKNOWN },
  { title: "chunked with a parameter", coding: "chunked;q=1", is: UNKNOWN },
  { title: "xchunked", coding: "xchunked", is: UNKNOWN },
  { title: "chunked in quotes", coding: '"chunked"', is: UNKNOWN },
  { title: "chunked twice", coding: "chunked, chunked", is: BAD_CODING },
  { title: "chunked not last", coding: "chunked, gzip", is: BAD_CODING },
  { title: "CHUNKED not last", coding: "CHUNKED, identity", is: BAD_CODING },
  { title: "an empty coding", coding: "", is: BAD_CODING },
  { title: "an empty element", coding: "chunked,", is: BAD_CODING },
  { title: "an empty first element", coding: ",chunked", is: BAD_CODING },
  { title: "a vertical tab", coding: "\x0bchunked", is: UNKNOWN },
];

for (const { title, length = null, repeated = false, coding = null, http10 = false, is } of CASES) {
  Deno.test(`requestFraming(): ${title} is ${is}`, () => {
    const result = requestFraming({ length, repeated, coding }, !http10);
    if (typeof is === "number") assert.deepEqual(result, { chunked: false, length: is });
    else if (is === "chunked") assert.deepEqual(result, { chunked: true, length: 0 });
    else assert.ok("status" in result && `${result.status} ${result.code}` === is, JSON.stringify(result));
  });
}

Deno.test("property: requestFraming() never takes a body whose end two readers could see differently", () => {
  const length = fc.option(fc.string({ unit: fc.constantFrom(..."0123456789 ,+-xe\t"), maxLength: 20 }));
  const coding = fc.option(
    fc.string({ unit: fc.constantFrom("chunked", "CHUNKED", ",", " ", "gzip", ";"), maxLength: 4 }),
  );
  fc.assert(
    fc.property(length, fc.boolean(), coding, fc.boolean(), (length, repeated, coding, http11) => {
      const result = requestFraming({ length, repeated, coding }, http11);
      if ("status" in result) return;
      if (result.chunked) assert.ok(http11 && length === null && coding?.toLowerCase() === "chunked");
      else {
        assert.equal(coding, null);
        assert.ok(length === null || (!repeated && /^\d+$/.test(length) && BigInt(length) === BigInt(result.length)));
      }
    }),
    { numRuns: 2_000 },
  );
});
