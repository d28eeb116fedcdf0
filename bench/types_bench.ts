/**
 * What the types of a config cost: `deno check` of 500 routes with three inline policies each, over one without routes.
 * Both import the same; what is left is the work on the config. Each run checks a text that no cache knows.
 *
 * The last line is the difference of the fastest runs, for other work on the machine only ever adds time.
 *
 * @module
 */

const CONFIG_FILE = new URL("../deno.json", import.meta.url).pathname;
const UPSTREAMS = 20;
const RUNS = 5;

/** The fastest run by number of routes, in seconds. */
const fastest = new Map<number, number>();
const folder = Deno.makeTempDirSync({ prefix: "gatewright_types_" });
let run = 0;

for (const routes of [0, 500]) {
  Deno.bench({
    name: routes === 0 ? "deno check, a config without routes" : `deno check, ${routes} routes`,
    group: "types",
    baseline: routes === 0,
    n: RUNS,
    warmup: 1,
    fn: (bench) => {
      const file = `${folder}/gateway_${++run}.config.ts`;
      Deno.writeTextFileSync(file, config(routes));
      const start = performance.now();
      bench.start();
      const { success, stderr } = new Deno.Command(Deno.execPath(), {
        args: ["check", "--quiet", `--config=${CONFIG_FILE}`, file],
        stdout: "null",
        stderr: "piped",
      }).outputSync();
      bench.end();
      if (!success) throw new Error(new TextDecoder().decode(stderr));
      fastest.set(routes, Math.min(fastest.get(routes) ?? Infinity, (performance.now() - start) / 1000));
    },
  });
}

addEventListener("unload", () => {
  Deno.removeSync(folder, { recursive: true });
  const empty = fastest.get(0), full = fastest.get(500);
  if (empty === undefined || full === undefined) return;
  console.error(
    `fastest of each: ${empty.toFixed(2)} s without routes, ${full.toFixed(2)} s with 500, ` +
      `${(full - empty).toFixed(2)} s more, ratio ${(full / empty).toFixed(2)}`,
  );
});

function config(routes: number): string {
  const upstreams = Array.from(
    { length: UPSTREAMS },
    (_, i) => `service${i}: { endpoints: ["http://10.0.${i}.1:9000", { url: "http://10.0.${i}.2:9000", weight: 2 }] },`,
  );
  return `// run ${run}
import { defineGateway, definePolicy, headers } from "gatewright";
void [definePolicy, headers];
export default defineGateway({
  upstreams: {
    ${upstreams.join("\n    ")}
  },
  routes: [
    ${Array.from({ length: routes }, (_, i) => route(i)).join("\n    ")}
  ],
});
`;
}

/** Parameters in the path, the rewrite and a template, and a chain in which each policy reads what one before it gives. */
function route(i: number): string {
  return `{
      path: "/api/r${i}/:id/*rest",
      methods: ["GET", "POST"],
      upstream: "service${i % UPSTREAMS}",
      rewrite: "/v2/:id/*rest",
      policies: [
        headers({ request: { set: { "x-id": "{param:id}", "x-from": "{ip}" } } }),
        definePolicy({ name: "guard${i % 7}", gives: ["consumer", "jwt:sub"], handle: (_ctx, next) => next() }),
        headers({ request: { set: { "x-user": "{consumer}-{jwt:sub}" } }, response: { remove: ["server"] } }),
      ],
    },`;
}
