/**
 * How long one request takes over TLS, on a connection that is open: this gateway beside nginx, and whatever else is given.
 *
 *   deno run -A bench/tls/main.ts [flags] [name=https://host:port …]
 *
 * @module
 */
import { parseArgs } from "node:util";
import type { Children } from "../load/children.ts";
import { freePort } from "../load/free_port.ts";
import { inWorkplace } from "../load/workplace.ts";
import { type Latency, type Load, measure } from "./h2load.ts";
import { gateway, nginxProxy, origin, SIZES } from "./servers.ts";

const USAGE = `deno run -A bench/tls/main.ts [flags] [name=https://host:port …]

  Needs nginx, h2load (nghttp2-client), taskset and two cores: proxies run on the first, client and origin on the second.
  A target that is named besides answers /200, /2k, /20k and /1m, and takes a POST to /up.

  --rounds N         measured rounds (3)
  --seconds N        seconds for each figure and round (1)
  --protocol h1,h2   the protocols (h1,h2)
  --without-gateway  only nginx and the targets that are named
  --help             this text
`;

/** Milliseconds that a program gets to listen. */
const START_MS = 15_000;
/** What Nagle's algorithm and a delayed acknowledgement cost together, less a little: no p50 may come near it. */
const STEP_MICROS = 30_000;

interface Target {
  readonly name: string;
  readonly url: string;
}

/** Runs the benchmark. Returns the exit code. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "3" },
      seconds: { type: "string", default: "1" },
      protocol: { type: "string", default: "h1,h2" },
      "without-gateway": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const rounds = positive("rounds", values.rounds), seconds = positive("seconds", values.seconds);
  const protocols = values.protocol.split(",").map((one): Load["protocol"] => {
    if (one === "h1" || one === "h2") return one;
    throw new Error(`--protocol ${one}: write h1, h2 or both`);
  });
  const named = positionals.map((text): Target => {
    const [, name, url] = /^(\w[\w.-]*)=(https:\/\/.+?)\/*$/.exec(text) ?? [];
    if (url === undefined) throw new Error(`${text}: write name=https://host:port`);
    return { name, url };
  });
  return await inWorkplace("bench", async ({ children, dir }) => {
    const targets = [...await start(dir, children, !values["without-gateway"]), ...named];
    for (const protocol of protocols) {
      console.log(
        `\np50 in µs over ${protocol}, one connection, one request at a time; × nginx; p99; the best of ${rounds} rounds`,
      );
      for (const size of Object.keys(SIZES)) {
        for (const upload of [false, true]) {
          const load = { protocol, seconds, dir, core: 1, upload: upload ? `${dir}/origin/${size}` : undefined };
          const path = upload ? "up" : size, figures = new Map<Target, Latency[]>(targets.map((one) => [one, []]));
          for (const target of targets) await measure({ ...load, url: `${target.url}/${path}` });
          for (let round = 0; round < rounds; round++) {
            for (const target of targets) {
              figures.get(target)!.push(await measure({ ...load, url: `${target.url}/${path}` }));
            }
          }
          console.log(row(`${upload ? "up" : "down"} ${size}`, figures));
        }
      }
    }
    return 0;
  });
}

/** Starts everything; the reference is first. */
async function start(dir: string, children: Children, withGateway: boolean): Promise<Target[]> {
  const originPort = freePort(), targets: Target[] = [];
  const launch = async (core: number, name: string, make: typeof gateway) => {
    const port = name === "origin" ? originPort : freePort(), own = `${dir}/${name}`;
    await Deno.mkdir(own);
    const child = children.start({ ...await make(own, port, originPort), core });
    for (const end = performance.now() + START_MS; !await listens(port);) {
      if (child.gone || performance.now() > end) {
        throw new Error(`${name} does not listen:\n${await child.lastWords()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (name !== "origin") targets.push({ name, url: `https://127.0.0.1:${port}` });
  };
  await launch(1, "origin", origin);
  await launch(0, "nginx", nginxProxy);
  if (withGateway) await launch(0, "gatewright", gateway);
  return targets;
}

async function listens(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

/** The best round of each, since other work on the machine only ever adds; the ratio is to the first target. */
function row(title: string, figures: ReadonlyMap<Target, readonly Latency[]>): string {
  const best = (rounds: readonly Latency[]) => rounds.reduce((a, b) => b.p50 < a.p50 ? b : a);
  const [[, reference]] = figures;
  const cells = [...figures].map(([{ name }, rounds]) => {
    const { p50, p99 } = best(rounds), ratio = (p50 / best(reference).p50).toFixed(2);
    return `${name} ${p50} ×${ratio} p99 ${p99}${p50 >= STEP_MICROS ? " STEP" : ""}`.padEnd(40);
  });
  return `${title.padEnd(10)}${cells.join("")}`.trimEnd();
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${flag} ${text}: write a whole number, 1 or more`);
  return value;
}

if (import.meta.main) {
  try {
    Deno.exit(await main());
  } catch (error) {
    console.error(`bench:tls: ${(error as Error).message}`);
    Deno.exit(1);
  }
}
