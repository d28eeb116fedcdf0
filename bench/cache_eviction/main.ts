/**
 * Which answers a full cache had better let go, by hit ratio in made-up traces: `deno run bench/cache_eviction/main.ts`.
 * With `--heap` instead, how near what the shelf counts is to what it takes:
 * `deno run --v8-flags=--expose-gc bench/cache_eviction/main.ts --heap`.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { CONTENDERS } from "./contenders.ts";
import { printHeap } from "./heap.ts";
import { play, type Score } from "./play.ts";
import { sizeOf, trace, type TraceOptions } from "./trace.ts";

const OBJECTS = 100_000;
/** Shares of the objects that fit in. */
const CAPACITIES = [0.01, 0.05, 0.2];

/** One trace and whether its objects have sizes. */
interface Scene {
  readonly name: string;
  readonly trace: Partial<TraceOptions>;
  readonly sized: boolean;
}

const SCENES: readonly Scene[] = [
  { name: "Zipf", trace: {}, sized: false },
  { name: "20 % scans", trace: { scans: 0.2 }, sized: false },
  { name: "50 % scans", trace: { scans: 0.5 }, sized: false },
  { name: "fashions change", trace: { drift: 0.0005 }, sized: false },
  { name: "both", trace: { scans: 0.2, drift: 0.0005 }, sized: false },
  { name: "sizes, Zipf", trace: {}, sized: true },
  { name: "sizes, 20 % scans", trace: { scans: 0.2 }, sized: true },
  { name: "sizes, both", trace: { scans: 0.2, drift: 0.0005 }, sized: true },
];

function main(args: string[]): void {
  const { values } = parseArgs({
    args,
    options: {
      heap: { type: "boolean", default: false },
      requests: { type: "string", default: "1000000" },
      seed: { type: "string", default: "1" },
    },
  });
  if (values.heap) return printHeap();
  const requests = Number(values.requests), seed = Number(values.seed);
  const sizes = Float64Array.from({ length: OBJECTS + requests }, (_, object) => sizeOf(object));
  const mean = sizes.subarray(0, OBJECTS).reduce((sum, size) => sum + size) / OBJECTS;
  console.log(
    `${requests} requests for ${OBJECTS} objects by Zipf(0.9), seed ${seed}: hit ratio in %, bytes in brackets\n`,
  );
  console.log(line(["trace", "fits in", ...CONTENDERS.map(({ name }) => name), "ours behind the best"]));
  console.log(line(["---", ...Array(CONTENDERS.length + 2).fill("---:")]));
  for (const scene of SCENES) {
    const asked = trace({
      requests,
      objects: OBJECTS,
      exponent: 0.9,
      scans: 0,
      scanLength: 5_000,
      drift: 0,
      seed,
      ...scene.trace,
    });
    for (const share of CAPACITIES) {
      const entries = share * OBJECTS, capacity = scene.sized ? entries * mean : entries;
      const size = scene.sized ? (object: number) => sizes[object] : () => 1;
      const scores = CONTENDERS.map(({ create }) => play(asked, size, capacity, create(capacity, entries)));
      const behind = Math.max(...scores.map(({ hits }) => hits)) - scores[0].hits;
      const cells = scores.map((score) => cell(score, scene.sized));
      console.log(line([scene.name, `${share * 100} %`, ...cells, (100 * behind).toFixed(1)]));
    }
  }
}

function cell({ hits, bytes }: Score, sized: boolean): string {
  return (100 * hits).toFixed(1) + (sized ? ` (${(100 * bytes).toFixed(1)})` : "");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

main(Deno.args);
