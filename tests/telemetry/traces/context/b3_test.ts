import { strict as assert } from "node:assert";
import type { Propagator } from "../../../../src/telemetry/telemetry_plan.ts";
import { HeaderList } from "../../../../src/core/header_list.ts";
import { fieldNames, readContext } from "../../../../src/telemetry/traces/context/read_context.ts";
import { DEBUG, SAMPLED } from "../../../../src/telemetry/traces/context/trace_context.ts";
import { NEW_SPAN, NEW_TRACE, passedOn } from "./passed_on.ts";

const TRACE = "80f198ee56343ba864fe8b2a57d3eff7", SPAN = "e457b5a2e4d86bd1", PARENT = "05e3ac9a4f6e3b90";
const SHORT = TRACE.slice(16), PADDED = SHORT.padStart(32, "0");

/** What goes on as `b3`; a new trace where the caller's is not taken. */
const same = (state: string, trace = TRACE) => `b3: ${trace}-${NEW_SPAN}-${state}`;
const fresh = (state: string) => same(state, NEW_TRACE);

const SINGLE: readonly (readonly [what: string, given: string, expected: string])[] = [
  ["sampled", `${TRACE}-${SPAN}-1`, same("1")],
  ["not sampled", `${TRACE}-${SPAN}-0`, same("0")],
  ["debug", `${TRACE}-${SPAN}-d`, same("d")],
  ["with the parent's span", `${TRACE}-${SPAN}-1-${PARENT}`, same("1")],
  ["left to others", `${TRACE}-${SPAN}`, same("0")],
  ["an id of 64 bits", `${SHORT}-${SPAN}-1`, same("1", PADDED)],
  ["denied", "0", fresh("0")],
  ["accepted", "1", fresh("1")],
  ["debug alone", "d", fresh("d")],
  ["empty", "", fresh("0")],
  ["another decision", `${TRACE}-${SPAN}-2`, fresh("0")],
  ["a decision too long", `${TRACE}-${SPAN}-11`, fresh("0")],
  ["a parent's span that is none", `${TRACE}-${SPAN}-1-${PARENT}0`, fresh("0")],
  ["an id in upper case", `${TRACE.toUpperCase()}-${SPAN}-1`, fresh("0")],
  ["a trace id all zero", `${"0".repeat(32)}-${SPAN}-1`, fresh("0")],
  ["a span id all zero", `${TRACE}-${"0".repeat(16)}-1`, fresh("0")],
  ["a trace id of 24", `${TRACE.slice(8)}-${SPAN}-1`, fresh("0")],
  ["a span id of 15", `${TRACE}-${SPAN.slice(1)}-1`, fresh("0")],
  ["something behind", `${TRACE}-${SPAN}-1\n`, fresh("0")],
  ["twice", `${TRACE}-${SPAN}-1, ${TRACE}-${SPAN}-1`, fresh("0")],
];

Deno.test("b3: one field tells of a trace, or of a decision alone", () => {
  for (const [what, given, expected] of SINGLE) assert.deepEqual(passedOn(["b3", given], ["b3"]), [expected], what);
});

type Multiple = Readonly<Partial<Record<"traceid" | "spanid" | "parentspanid" | "sampled" | "flags", string>>>;

const MULTIPLE: readonly (readonly [what: string, given: Multiple, expected: string])[] = [
  ["sampled", { traceid: TRACE, spanid: SPAN, sampled: "1" }, same("1")],
  ["not sampled", { traceid: TRACE, spanid: SPAN, sampled: "0" }, same("0")],
  ["in words", { traceid: TRACE, spanid: SPAN, sampled: "true" }, same("1")],
  ["not, in words", { traceid: TRACE, spanid: SPAN, sampled: "false" }, same("0")],
  ["debug", { traceid: TRACE, spanid: SPAN, flags: "1" }, same("d")],
  ["debug goes before", { traceid: TRACE, spanid: SPAN, sampled: "0", flags: "1" }, same("d")],
  ["other flags", { traceid: TRACE, spanid: SPAN, sampled: "1", flags: "2" }, same("1")],
  ["left to others", { traceid: TRACE, spanid: SPAN, parentspanid: PARENT }, same("0")],
  ["an id of 64 bits", { traceid: SHORT, spanid: SPAN, sampled: "1" }, same("1", PADDED)],
  ["denied", { sampled: "0" }, fresh("0")],
  ["accepted", { sampled: "1" }, fresh("1")],
  ["debug alone", { flags: "1" }, fresh("d")],
  ["a decision that is none", { sampled: "yes" }, fresh("0")],
  ["no span", { traceid: TRACE, sampled: "1" }, fresh("0")],
  ["no trace", { spanid: SPAN, sampled: "1" }, fresh("0")],
  ["a trace id that is none", { traceid: "x".repeat(32), spanid: SPAN, sampled: "1" }, fresh("0")],
  ["a span id that is none", { traceid: TRACE, spanid: "", sampled: "1" }, fresh("0")],
];

Deno.test("b3: several fields tell the same", () => {
  for (const [what, given, expected] of MULTIPLE) {
    const fields = Object.entries(given).flatMap(([name, value]) => [`x-b3-${name}`, value]);
    assert.deepEqual(passedOn(fields, ["b3"]), [expected], what);
  }
});

Deno.test("b3: the one field goes before the several", () => {
  const several = ["x-b3-traceid", TRACE, "x-b3-spanid", SPAN, "x-b3-sampled", "1"];
  assert.deepEqual(passedOn([...several, "b3", "0"], ["b3"]), [fresh("0")]);
});

Deno.test("b3multi writes several fields, and reads either form", () => {
  const written = (state: string) => [`x-b3-traceid: ${TRACE}`, `x-b3-spanid: ${NEW_SPAN}`, state];
  const given = (state: string) => passedOn(["b3", `${TRACE}-${SPAN}-${state}`], ["b3multi"]);
  assert.deepEqual(given("1"), written("x-b3-sampled: 1"));
  assert.deepEqual(given("0"), written("x-b3-sampled: 0"));
  assert.deepEqual(given("d"), written("x-b3-flags: 1"));
});

Deno.test("b3: a decision that is left to others is nobody's, and debugging is a decision", () => {
  const read = (text: string) => readContext(HeaderList.of("b3", text), ["b3"]);
  assert.equal(read(`${TRACE}-${SPAN}`)?.sampled, null);
  assert.equal(read(`${TRACE}-${SPAN}-d`)?.sampled, true);
  assert.equal(read(`${TRACE}-${SPAN}-d`)?.flags, SAMPLED | DEBUG);
  assert.equal(read("0")?.sampled, false);
  assert.equal(read("0")?.traceId, "");
  assert.equal(read("x"), null);
});

Deno.test("readContext() takes the first propagator that has something valid", () => {
  const parent = "4bf92f3577b34da6a3ce929d0e0e4736";
  const both = ["traceparent", `00-${parent}-${SPAN}-01`, "b3", `${TRACE}-${SPAN}-1`];
  const traceOf = (fields: string[], propagators: Propagator[]) =>
    readContext(HeaderList.of(...fields), propagators)?.traceId;
  assert.equal(traceOf(both, ["tracecontext", "b3"]), parent);
  assert.equal(traceOf(both, ["b3", "tracecontext"]), TRACE);
  assert.equal(traceOf(["traceparent", "00", ...both.slice(2)], ["tracecontext", "baggage", "b3"]), TRACE);
  assert.equal(traceOf(both, ["baggage"]), undefined);
});

Deno.test("all propagators write, each once and in their order", () => {
  const fields = ["traceparent", `00-${TRACE}-${SPAN}-01`, "tracestate", "a=1", "baggage", "b=2"];
  assert.deepEqual(passedOn(fields, ["b3", "tracecontext", "baggage", "b3multi", "b3"]), [
    `b3: ${TRACE}-${NEW_SPAN}-1`,
    `traceparent: 00-${TRACE}-${NEW_SPAN}-01`,
    "tracestate: a=1",
    "baggage: b=2",
    `x-b3-traceid: ${TRACE}`,
    `x-b3-spanid: ${NEW_SPAN}`,
    "x-b3-sampled: 1",
  ]);
});

Deno.test("fieldNames() has each field that is read or written, once", () => {
  assert.deepEqual(fieldNames(["tracecontext", "baggage"]), ["traceparent", "tracestate", "baggage"]);
  assert.deepEqual(fieldNames(["b3", "b3multi"]), fieldNames(["b3multi"]));
  assert.equal(fieldNames(["b3"]).length, 6);
  assert.deepEqual(fieldNames([]), []);
});
