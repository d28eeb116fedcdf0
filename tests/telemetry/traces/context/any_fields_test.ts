import { strict as assert } from "node:assert";
import fc from "fast-check";
import { HeaderList, isFieldValue } from "../../../../src/core/header_list.ts";
import type { Propagator } from "../../../../src/telemetry/telemetry_plan.ts";
import { contextLines } from "../../../../src/telemetry/traces/context/context_lines.ts";
import { fieldNames, readContext } from "../../../../src/telemetry/traces/context/read_context.ts";
import { DEBUG, flagsToSend, RANDOM, SAMPLED } from "../../../../src/telemetry/traces/context/trace_context.ts";
import { passedOn } from "./passed_on.ts";

const ALL: readonly Propagator[] = ["tracecontext", "baggage", "b3", "b3multi"];

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736", SPAN = "00f067aa0ba902b7";

/** Values that are valid, or nearly, or anything. */
const value = fc.oneof(
  fc.array(
    fc.oneof(
      fc.constantFrom("00", "ff", "cc", "-", TRACE, TRACE.slice(16), SPAN, "01", "0".repeat(16), "1", "d", "true"),
      fc.constantFrom(`00-${TRACE}-${SPAN}-01`, `${TRACE}-${SPAN}-1`, "a=1", "@", "=", ",", ";", " ", "\t"),
      fc.integer({ min: 0, max: 0x17f }).map((code) => String.fromCharCode(code)),
    ),
    { maxLength: 12 },
  ).map((parts) => parts.join("")),
  fc.constantFrom(`00-${TRACE}-${SPAN}-03`, `${TRACE}-${SPAN}-0`, "a=1,b=2", TRACE, SPAN),
);
const fields = fc.array(fc.tuple(fc.constantFrom(...fieldNames(ALL)), value), { maxLength: 8 }).map((all) =>
  all.flat()
);
const propagators = fc.shuffledSubarray([...ALL]);

const LINE: Readonly<Record<string, RegExp>> = {
  traceparent: /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[0-3]$/,
  tracestate:
    /^[ \t]*[a-z0-9][a-z0-9_*\/@-]{0,255}=[ -+\--<>-~]{0,255}[!-+\--<>-~][ \t]*(,[ \t]*[a-z0-9][a-z0-9_*\/@-]{0,255}=[ -+\--<>-~]{0,255}[!-+\--<>-~][ \t]*){0,31}$/,
  baggage: /^[\t!#-\[\]-~ ]{1,8192}$/,
  b3: /^(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[01d]$/,
  "x-b3-traceid": /^(?!0{32})[0-9a-f]{32}$/,
  "x-b3-spanid": /^(?!0{16})[0-9a-f]{16}$/,
  "x-b3-sampled": /^[01]$/,
  "x-b3-flags": /^1$/,
};

Deno.test("property: whatever comes in, what goes on is valid", () => {
  fc.assert(
    fc.property(fields, propagators, (given, chosen) => {
      for (const line of passedOn(given, chosen)) {
        const [, name, text] = /^([a-z0-9-]+): ([^]*)$/.exec(line)!;
        assert.match(text, LINE[name], name);
        assert.ok(isFieldValue(text.trim()), `${name} can stand in a head`);
      }
    }),
    { numRuns: 2000 },
  );
});

const id = (length: number) =>
  fc.array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length })
    .map((digits) => digits.join("")).filter((digits) => !/^0+$/.test(digits));
const member = fc.tuple(fc.stringMatching(/^[a-z0-9][a-z0-9_*\/@-]{0,20}$/), fc.stringMatching(/^[!-+\--<>-~]{1,20}$/))
  .map((pair) => pair.join("="));
const state = fc.array(member, { maxLength: 32 }).map((members) => members.join(","));
const baggage = fc.array(fc.tuple(fc.stringMatching(/^[a-z.]{1,9}$/), fc.stringMatching(/^[a-z%/]{0,9}$/)), {
  maxLength: 20,
}).map((members) => members.map((pair) => pair.join("=")).join(","));

Deno.test("property: what one gateway writes, the next one reads", () => {
  fc.assert(
    fc.property(
      id(32),
      id(16),
      fc.boolean(),
      fc.boolean(),
      state,
      baggage,
      (traceId, spanId, sampled, random, ...rest) => {
        const [state, baggage] = rest, flags = flagsToSend(random ? RANDOM : 0, sampled);
        const chosen: Propagator[] = ["tracecontext", "baggage"];
        const lines = contextLines(chosen)(traceId, spanId, flags, { state, baggage });
        const read = readContext(HeaderList.of(...lines.split(/: |\r\n/).slice(0, -1)), chosen);
        assert.deepEqual(read, { traceId, spanId, sampled, flags, state, baggage });
      },
    ),
  );
});

Deno.test("property: B3 in either form says the same of a trace", () => {
  const flags = fc.constantFrom(0, SAMPLED, SAMPLED | DEBUG);
  fc.assert(
    fc.property(id(32), id(16), flags, (traceId, spanId, flags) => {
      for (const propagator of ["b3", "b3multi"] as const) {
        const lines = contextLines([propagator])(traceId, spanId, flags, { state: "", baggage: "" });
        const read = readContext(HeaderList.of(...lines.split(/: |\r\n/).slice(0, -1)), ["b3"]);
        assert.deepEqual(read, { traceId, spanId, sampled: flags !== 0, flags, state: "", baggage: "" });
      }
    }),
  );
});

Deno.test("flagsToSend() keeps what was said of the id, and nobody debugs what is not recorded", () => {
  assert.equal(flagsToSend(0, true), SAMPLED);
  assert.equal(flagsToSend(SAMPLED, false), 0);
  assert.equal(flagsToSend(RANDOM | SAMPLED, false), RANDOM);
  assert.equal(flagsToSend(SAMPLED | DEBUG, true), SAMPLED | DEBUG);
  assert.equal(flagsToSend(SAMPLED | DEBUG, false), 0);
});
