/**
 * The differential run's command: generated requests to this gateway, to Node and to nginx, over sockets.
 *
 * See `bench/README.md` for what must hold and how to repeat a run.
 *
 * @module
 */
import { inWorkplace } from "../load/workplace.ts";
import { abridged, escaped } from "./escaped.ts";
import { Census } from "./wire/census.ts";
import { compareAll, type Finding, inputOf, judgeAlone } from "./wire/compare_all.ts";
import type { Servers } from "./wire/judge.ts";
import { type Options, parseOptions, USAGE } from "./wire/options.ts";
import { fieldOf } from "./wire/reading.ts";
import { RecordingOrigin } from "./wire/recording_origin.ts";
import type { Verdicts } from "./wire/relation.ts";
import { type Place, startGateway, startNginx, startNode } from "./wire/started.ts";
import { isReading, type Verdict } from "./wire/verdict.ts";

/** Milliseconds between two lines of progress. */
const INTERVAL = 5000;

async function startAll(place: Place, { engine, target }: Options): Promise<Servers> {
  const gateway = target === null
    ? await startGateway(place, engine)
    : { port: target.port, origin: new RecordingOrigin(target.originPort) };
  return { gateway, node: await startNode(place), nginx: await startNginx(place) };
}

/** Runs the comparison. Returns the number of findings. */
async function compare(options: Options, servers: Servers): Promise<number> {
  const { seed, runs, connections } = options, census = new Census(), start = performance.now();
  let findings = 0, last = start;
  console.log(`seed ${seed}`);
  await compareAll({ seed, from: 0, to: runs, connections }, servers, census, (finding) => {
    findings++;
    console.log(describe(seed, finding));
  }, (index) => {
    const now = performance.now();
    if (now - last < INTERVAL) return;
    last = now;
    console.error(
      `${index} of ${runs} inputs, ${Math.round(index / (now - start) * 1000)} a second, ${findings} findings`,
    );
  });
  console.log(`\n${census.render()}\n\n${runs} inputs, ${findings} findings`);
  return findings;
}

function describe(seed: number, { index, message, text, shrunk, verdicts }: Finding): string {
  return `\n${message}\n  input ${index} of seed ${seed}\n  ${abridged(text)}\n  shorter: ${escaped(shrunk)}\n${
    describeVerdicts(verdicts)
  }`;
}

function describeVerdicts({ gateway, node, nginx }: Verdicts): string {
  const line = (name: string, { results, end }: Verdict) => {
    const words = results.map((result) => {
      if (!isReading(result)) return `answers ${result.status} ${result.code}`.trim();
      const { method, target, body } = result;
      return `${method} ${escaped(target)} of ${escaped(fieldOf(result, "host") ?? "")} with ${abridged(body, 80)}`;
    });
    return `  ${name}: ${[...words, end].join("; ")}`;
  };
  return [line("gateway", gateway), line("node", node), line("nginx", nginx)].join("\n");
}

function main(options: Options): Promise<number> {
  return inWorkplace("fuzz", async (place) => {
    const servers = await startAll(place, options);
    if (options.at === null) return await compare(options, servers) === 0 ? 0 : 1;
    const { text } = inputOf(options.seed, options.at), { verdicts, message } = await judgeAlone(text, servers);
    console.log(`${escaped(text)}\n${describeVerdicts(verdicts)}\n  ${message ?? "as it should be"}`);
    return message === null ? 0 : 1;
  });
}

try {
  const options = parseOptions(Deno.args);
  if (options.help) {
    console.log(USAGE);
    Deno.exit(0);
  }
  Deno.exit(await main(options));
} catch (error) {
  console.error(`differential: ${error instanceof Error ? error.message : error}`);
  Deno.exit(2);
}
