/** What each request costs in `src/telemetry/traces/context/`: `deno bench bench/trace_context_bench.ts`. @module */

import { HeaderList } from "../src/core/header_list.ts";
import { systemRandom } from "../src/core/random.ts";
import { HeadScanner } from "../src/http/head_scanner.ts";
import { TextHeaders } from "../src/http/text_headers.ts";
import { contextLines } from "../src/telemetry/traces/context/context_lines.ts";
import { newSpanId, newTraceId } from "../src/telemetry/traces/context/new_ids.ts";
import { readContext } from "../src/telemetry/traces/context/read_context.ts";
import { flagsToSend, NO_TRACE } from "../src/telemetry/traces/context/trace_context.ts";
import type { Propagator } from "../src/telemetry/telemetry_plan.ts";

/** Operations in one iteration: the timer of `deno bench` cannot tell nanoseconds. Divide its figures by this. */
const TIMES = 1000;

function measure(name: string, run: (i: number) => number): void {
  Deno.bench(`${name} ×${TIMES}`, () => {
    let sum = 0;
    for (let i = 0; i < TIMES; i++) sum += run(i);
    if (sum < 0) throw new Error("a length is never negative");
  });
}

/** What browsers send, and a little more. */
const USUAL = [
  "Host: api.example.com",
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  "Accept: text/html,application/xhtml+xml",
  "Accept-Encoding: gzip, deflate, br",
  "Accept-Language: en",
  "Cookie: session=0123456789abcdef",
  "Referer: https://example.com/",
  "X-Client-Version: 12",
  "Priority: u=1",
];
const TRACED = [...USUAL, "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"];
const STATE = "tracestate: " + Array.from({ length: 4 }, (_, i) => `vendor${i}=t61rcWkgMzE${i}`).join(",");
const BAGGAGE = "baggage: " + Array.from({ length: 4 }, (_, i) => `key${i}=value${i}`).join(",");
const B3 = [...USUAL, "b3: 80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1"];

/** Heads as an engine has them, of 16 clients. */
function heads(lines: readonly string[]): HeaderList[] {
  return Array.from({ length: 16 }, (_, i) => {
    const text = `GET /${i} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`, scanner = new HeadScanner(64);
    const bytes = new TextEncoder().encode(text);
    scanner.scan(bytes, 0, bytes.length);
    return new HeaderList(TextHeaders.scanned(text, scanner));
  });
}

const usual: Propagator[] = ["tracecontext", "baggage"], withB3: Propagator[] = ["b3", "tracecontext", "baggage"];
const rows: readonly (readonly [name: string, heads: HeaderList[], propagators: Propagator[]])[] = [
  ["no trace", heads(USUAL), usual],
  ["traceparent", heads(TRACED), usual],
  ["traceparent, tracestate", heads([...TRACED, STATE]), usual],
  ["traceparent, tracestate, baggage", heads([...TRACED, STATE, BAGGAGE]), usual],
  ["no trace, looking for B3 too", heads(USUAL), withB3],
  ["b3", heads(B3), withB3],
];
for (const [name, all, propagators] of rows) {
  measure(`readContext(), ${name}`, (i) => (readContext(all[i & 15], propagators) ?? NO_TRACE).flags);
}

measure("newTraceId()", () => newTraceId(systemRandom).length);
measure("newSpanId()", () => newSpanId(systemRandom).length);

const lines = contextLines(usual), buffer = new Uint8Array(512), encoder = new TextEncoder();
const ids = Array.from({ length: 16 }, () => [newTraceId(systemRandom), newSpanId(systemRandom)] as const);
measure("contextLines()", (i) => lines(ids[i & 15][0], ids[i & 15][1], flagsToSend(i & 3, true), NO_TRACE).length);
measure("a new trace not recorded: read, make ids, write, encode", (i) => {
  const context = readContext(rows[0][1][i & 15], usual) ?? NO_TRACE;
  const traceId = newTraceId(systemRandom), spanId = newSpanId(systemRandom);
  return encoder.encodeInto(lines(traceId, spanId, flagsToSend(context.flags, false), context), buffer).written;
});
