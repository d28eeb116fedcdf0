import { strict as assert } from "node:assert";
import { HeaderList } from "../../../../src/core/header_list.ts";
import { readContext } from "../../../../src/telemetry/traces/context/read_context.ts";
import { RANDOM, SAMPLED } from "../../../../src/telemetry/traces/context/trace_context.ts";
import { NEW_SPAN, NEW_TRACE, passedOn } from "./passed_on.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736", SPAN = "00f067aa0ba902b7", ZEROS = "0".repeat(32);
const VALID = `00-${TRACE}-${SPAN}-01`;

/** A trace that begins here, with flags for its id made of chance; no `tracestate` stays with it. */
const NEW = [`traceparent: 00-${NEW_TRACE}-${NEW_SPAN}-02`];

/** The caller's trace goes on, under our span. */
function same(flags: string, state?: string): string[] {
  const line = `traceparent: 00-${TRACE}-${NEW_SPAN}-${flags}`;
  return state === undefined ? [line] : [line, `tracestate: ${state}`];
}

/** Members `a1=1` to `a<count>=1`. */
function members(count: number): string {
  return Array.from({ length: count }, (_, i) => `a${i + 1}=1`).join(",");
}

/** What stands in `traceparent`, one text a field, and what goes on. */
const PARENTS: readonly (readonly [what: string, parents: readonly string[], expected: readonly string[]])[] = [
  ["no field", [], NEW],
  ["a sampled trace", [VALID], same("01")],
  ["a trace not sampled", [`00-${TRACE}-${SPAN}-00`], same("00")],
  ["random flag", [`00-${TRACE}-${SPAN}-02`], same("02")],
  ["both flags", [`00-${TRACE}-${SPAN}-03`], same("03")],
  ["flags of the future are not sent on", [`00-${TRACE}-${SPAN}-fc`], same("00")],
  ["all flags", [`00-${TRACE}-${SPAN}-ff`], same("03")],
  ["empty", [""], NEW],
  ["twice", [VALID, `00-${TRACE.replace("4", "5")}-${SPAN}-01`], NEW],
  ["twice the same", [VALID, VALID], NEW],
  ["beside an empty one", [VALID, ""], NEW],
  ["a list", [`${VALID},${VALID}`], NEW],
  ["a higher version", [`cc-${TRACE}-${SPAN}-01`], same("01")],
  ["the highest version", [`fe-${TRACE}-${SPAN}-01`], same("01")],
  ["a higher version with more", [`cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`], same("01")],
  ["a higher version with a dash", [`01-${TRACE}-${SPAN}-01-`], same("01")],
  ["a higher version with something else", [`cc-${TRACE}-${SPAN}-01.what-the-future-will-be-like`], NEW],
  ["a higher version with longer flags", [`cc-${TRACE}-${SPAN}-011`], NEW],
  ["a higher version twice", [`cc-${TRACE}-${SPAN}-01`, `cc-${TRACE}-${SPAN}-01`], NEW],
  ["a higher version too short", [`cc-${TRACE}-${SPAN}-0`], NEW],
  ["version 00 with more", [`${VALID}-what-the-future-will-be-like`], NEW],
  ["version 00 with a dash", [`${VALID}-`], NEW],
  ["version 00 with a dot", [`${VALID}.`], NEW],
  ["version ff", [`ff-${TRACE}-${SPAN}-01`], NEW],
  ["version in upper case", [`CC-${TRACE}-${SPAN}-01`], NEW],
  ["version no number, first", [`.0-${TRACE}-${SPAN}-01`], NEW],
  ["version no number, second", [`0.-${TRACE}-${SPAN}-01`], NEW],
  ["version too long", [`000-${TRACE}-${SPAN}-01`], NEW],
  ["version too short", [`0-${TRACE}-${SPAN}-01`], NEW],
  ["no version", [`${TRACE}-${SPAN}-01`], NEW],
  ["trace id all zero", [`00-${ZEROS}-${SPAN}-01`], NEW],
  ["trace id nearly zero", [`00-${"1".padStart(32, "0")}-${SPAN}-01`], [
    `traceparent: 00-${"1".padStart(32, "0")}-${NEW_SPAN}-01`,
  ]],
  ["trace id in upper case", [`00-${TRACE.toUpperCase()}-${SPAN}-01`], NEW],
  ["trace id with another character, first", [`00-.${TRACE.slice(1)}-${SPAN}-01`], NEW],
  ["trace id with another character, last", [`00-${TRACE.slice(1)}g-${SPAN}-01`], NEW],
  ["trace id with a character above ASCII", [`00-${TRACE.slice(1)}\u00e9-${SPAN}-01`], NEW],
  ["trace id too long", [`00-${TRACE}0-${SPAN}-01`], NEW],
  ["trace id too short", [`00-${TRACE.slice(1)}-${SPAN}-01`], NEW],
  ["caller's span all zero", [`00-${TRACE}-${ZEROS.slice(16)}-01`], NEW],
  ["caller's span in upper case", [`00-${TRACE}-${SPAN.toUpperCase()}-01`], NEW],
  ["caller's span with another character", [`00-${TRACE}-${SPAN.slice(1)}.-01`], NEW],
  ["caller's span too long", [`00-${TRACE}-${SPAN}0-01`], NEW],
  ["caller's span too short", [`00-${TRACE}-${SPAN.slice(1)}-01`], NEW],
  ["flags in upper case", [`00-${TRACE}-${SPAN}-0A`], NEW],
  ["flags with another character, first", [`00-${TRACE}-${SPAN}-.0`], NEW],
  ["flags with another character, second", [`00-${TRACE}-${SPAN}-0.`], NEW],
  ["flags too long", [`00-${TRACE}-${SPAN}-001`], NEW],
  ["flags too short", [`00-${TRACE}-${SPAN}-1`], NEW],
  ["no flags", [`00-${TRACE}-${SPAN}`], NEW],
  ["no dash behind the version", [`00_${TRACE}-${SPAN}-01`], NEW],
  ["no dash behind the trace id", [`00-${TRACE}_${SPAN}-01`], NEW],
  ["no dash behind the span id", [`00-${TRACE}-${SPAN}_01`], NEW],
];

Deno.test("traceparent: what is valid goes on under our span, and all else begins a new trace", () => {
  for (const [what, parents, expected] of PARENTS) {
    const fields = parents.flatMap((parent) => ["traceparent", parent]);
    assert.deepEqual(passedOn(fields, ["tracecontext"]), expected, what);
    // What belongs to a trace stays with it.
    const withState = expected === NEW ? NEW : [...expected, "tracestate: congo=t61"];
    assert.deepEqual(passedOn(["tracestate", "congo=t61", ...fields], ["tracecontext"]), withState, what);
  }
});

Deno.test("traceparent: nobody sees flags that are not defined", () => {
  const flagsOf = (flags: string) => {
    return readContext(HeaderList.of("traceparent", `00-${TRACE}-${SPAN}-${flags}`), ["tracecontext"])?.flags;
  };
  assert.deepEqual(["00", "01", "02", "fc", "ff"].map(flagsOf), [0, SAMPLED, RANDOM, 0, SAMPLED | RANDOM]);
});

/** What stands in `tracestate`, one text a field, and what goes on beside a valid `traceparent`; `null`: nothing. */
const STATES: readonly (readonly [what: string, states: readonly string[], expected: string | null])[] = [
  ["one member", ["congo=t61rcWkgMzE"], "congo=t61rcWkgMzE"],
  ["two members", ["foo=1,bar=2"], "foo=1,bar=2"],
  ["several fields, in order", ["foo=1,bar=2", "rojo=1,congo=2", "baz=3"], "foo=1,bar=2, rojo=1,congo=2, baz=3"],
  ["white space around members", ["foo=1 \t , \t bar=2, \t baz=3"], "foo=1 \t , \t bar=2, \t baz=3"],
  ["a key twice", ["foo=1,foo=2"], "foo=1,foo=2"],
  ["spaces in a value, also first", ["foo=  a b"], "foo=  a b"],
  ["empty", [""], null],
  ["only commas and blanks", [" ,\t,, "], null],
  ["an empty field first", ["", "foo=1"], "foo=1"],
  ["an empty field last", ["foo=1", ""], "foo=1"],
  ["empty members", [",foo=1, ,bar=2 ,"], "foo=1,bar=2"],
  ["32 members", [members(32)], members(32)],
  ["33 members", [members(33)], null],
  ["33 members in two fields", [members(32), "b=1"], null],
  ["32 members and empty ones", [members(16), "", `${members(16)},,`], `${members(16)},${members(16)}`],
  ["a key of 256", ["foo=1", `${"z".repeat(256)}=1`], `foo=1, ${"z".repeat(256)}=1`],
  ["a key of 257", ["foo=1", `${"z".repeat(257)}=1`], null],
  ["a tenant's key", [`${"t".repeat(241)}@${"v".repeat(14)}=1`], `${"t".repeat(241)}@${"v".repeat(14)}=1`],
  ["a key with signs", ["0_-*/@a=1"], "0_-*/@a=1"],
  ["a key with @ anywhere but first", ["foo@=1,foo@@bar=2,a@b@c=3"], "foo@=1,foo@@bar=2,a@b@c=3"],
  ["a key that begins with @", ["@foo=1,bar=2"], null],
  ["a key that begins with a sign", ["bar=2,-foo=1"], null],
  ["a key in upper case", ["FOO=1"], null],
  ["a key with a dot", ["foo.bar=1"], null],
  ["a key with white space behind", ["foo =1"], null],
  ["a key above ASCII", ["fo\u00f3=1"], null],
  ["no key", ["=1"], null],
  ["no value", ["foo=,bar=3"], null],
  ["a value of blanks", ["foo= ,bar=3"], null],
  ["no equals sign", ["foo"], null],
  ["two equals signs", ["foo=bar=baz"], null],
  ["a value of 256", [`foo=${"v".repeat(256)}`], `foo=${"v".repeat(256)}`],
  ["a value of 257", [`foo=${"v".repeat(257)}`], null],
  ["a tab within a value", ["foo=a\tb"], null],
  ["a value above ASCII", ["foo=\u00e9"], null],
  ["one bad member spoils the rest", ["foo=1,bar=2,Baz=3"], null],
];

Deno.test("tracestate: what is valid goes on as it came, and all else is dropped whole", () => {
  for (const [what, states, expected] of STATES) {
    const fields = ["traceparent", VALID, ...states.flatMap((state) => ["tracestate", state])];
    assert.deepEqual(passedOn(fields, ["tracecontext"]), same("01", expected ?? undefined), what);
    assert.deepEqual(passedOn(fields.slice(2), ["tracecontext"]), NEW, `${what}, without a trace`);
  }
});

Deno.test("tracestate may have each character that its grammar names, and no other", () => {
  for (let code = 1; code < 0x180; code++) {
    const character = String.fromCharCode(code), hex = `U+${code.toString(16)}`;
    const passes = (state: string) => {
      const fields = ["traceparent", VALID, "tracestate", state];
      return passedOn(fields, ["tracecontext"]).length === 2;
    };
    assert.equal(passes(`${character}=1`), /[a-z0-9]/.test(character), `first of a key: ${hex}`);
    // An equals sign ends the key, and a comma the member.
    assert.equal(passes(`a${character}b=1`), /[a-z0-9_*/@-]/.test(character), `in a key: ${hex}`);
    if (character !== ",") assert.equal(passes(`a=1${character}2`), /[ -<>-~]/.test(character), `in a value: ${hex}`);
  }
});
