/**
 * The classic table: an origin that takes 800 ms, few connections, without and with a cache.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Children } from "../load/children.ts";
import type { Found } from "../load/choose.ts";
import { freePort } from "../load/free_port.ts";
import { untilServing } from "../load/ready.ts";
import { type Load, sendLoad } from "../load/wrk.ts";
import type { Options } from "./options.ts";
import { ASKED_PATH, SLOW_PATH } from "./slow_paths.ts";

const PROXY_CORE = 0, LOAD_CORE = 1;

const ORIGIN = fileURLToPath(new URL("slow_origin.ts", import.meta.url));

/** What one program came to. */
export interface SlowFigures {
  readonly peer: string;
  readonly load: Load;
  /** Requests that reached the origin. */
  readonly asked: number;
}

/** Runs the peers, one after another, each with an origin of its own. */
export async function runSlow(
  { children, dir, options, peers, onStep }: {
    readonly children: Children;
    /** An empty folder; everything that is written goes below it. */
    readonly dir: string;
    readonly options: Options;
    readonly peers: readonly Found[];
    readonly onStep: (text: string) => void;
  },
): Promise<SlowFigures[]> {
  const figures: SlowFigures[] = [];
  for (const { peer } of peers) {
    onStep(`${options.delay} ms: ${peer.id}`);
    const own = `${dir}/${peer.id}`, originDir = `${own}/origin`, loadDir = `${own}/load`;
    for (const one of [originDir, loadDir]) await Deno.mkdir(one, { recursive: true });
    const originPort = freePort(), name = "the slow origin";
    const args = ["run", "--quiet", "--allow-net", ORIGIN, String(originPort), String(options.delay)];
    const origin = children.start({ name, core: LOAD_CORE, command: Deno.execPath(), args, dir: originDir });
    await untilServing(origin, originPort);
    const port = freePort(), accessLog = peer.alwaysLogs || options.peerLogs;
    const setup = { dir: own, port, originPort, accessLog, logFile: `${own}/access.log` };
    const proxy = children.start({ ...await peer.prepare(setup), name: peer.id, core: PROXY_CORE, dir: own });
    await untilServing(proxy, port);
    const load = await sendLoad(children, peer.id, {
      port,
      scenario: { path: SLOW_PATH, requestHeaders: [] },
      connections: options.slowConnections,
      seconds: options.slowSeconds,
      core: LOAD_CORE,
      dir: loadDir,
    });
    const asked = Number(await (await fetch(`http://127.0.0.1:${originPort}${ASKED_PATH}`)).text());
    await children.stop(proxy);
    await children.stop(origin);
    figures.push({ peer: peer.id, load, asked });
  }
  return figures;
}
