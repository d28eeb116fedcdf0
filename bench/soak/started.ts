/** The gateway and the origin, started. @module */

import { fileURLToPath } from "node:url";
import type { Child, Children } from "../load/children.ts";
import { freePort } from "../load/free_port.ts";
import { untilServing } from "../load/ready.ts";
import type { Tally } from "./tally.ts";

const GATEWAY = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const ORIGIN = fileURLToPath(new URL("origin_process.ts", import.meta.url));
/** The gateway has a core to itself; the origin shares the other with the clients. */
const GATEWAY_CORE = 0, ORIGIN_CORE = 1;

/** Where programs are started: an empty folder. */
export interface Place {
  readonly children: Children;
  readonly dir: string;
}

/** A gateway that runs. */
export interface StartedGateway {
  readonly child: Child;
  readonly port: number;
  /** Its access log. */
  readonly accessLog: string;
  /** Its own log. */
  readonly log: string;
}

/** Starts a gateway that forwards everything to a port, on an engine or on its default one. */
export async function startGateway(
  { children, dir: parent }: Place,
  engine: string | null,
  originPort: number,
): Promise<StartedGateway> {
  const dir = `${parent}/gateway`, port = freePort(), file = `${dir}/gateway.config.ts`, stdout = `${dir}/stdout.txt`;
  await Deno.mkdir(dir);
  await Deno.writeTextFile(file, config(port, engine, originPort));
  const args = ["run", "--quiet", "--allow-all", GATEWAY, "start", file];
  const child = children.start({ name: "gateway", core: GATEWAY_CORE, command: Deno.execPath(), args, dir, stdout });
  await untilServing(child, port);
  return { child, port, accessLog: stdout, log: `${dir}/stderr.txt` };
}

/** An origin that can be taken away and comes back on the same port. */
export class Origin {
  readonly port = freePort();
  readonly #place: Place;
  #child: Child | null = null;
  #count = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Starts it, and waits until it serves. */
  async start(): Promise<void> {
    const { children, dir: parent } = this.#place, dir = `${parent}/origin-${this.#count++}`;
    await Deno.mkdir(dir);
    const args = ["run", "--quiet", "--allow-net", ORIGIN, String(this.port)];
    this.#child = children.start({ name: "origin", core: ORIGIN_CORE, command: Deno.execPath(), args, dir });
    await untilServing(this.#child, this.port);
  }

  /** Ends it: with what is under way, or between two bytes. */
  async stop(how: "gently" | "at once"): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#child = null;
    if (how === "at once") Deno.kill(child.pid, "SIGKILL");
    await this.#place.children.stop(child);
  }

  /** Takes it away for a while. */
  async restart(how: "gently" | "at once", pause: number, tally: Tally): Promise<void> {
    tally.outageBegins();
    await this.stop(how);
    await new Promise((resolve) => setTimeout(resolve, pause));
    await this.start();
    tally.outageEnds();
  }
}

function config(port: number, engine: string | null, originPort: number): string {
  const listen = { hostname: "127.0.0.1", port, ...engine === null ? {} : { engine } };
  return `import { defineGateway } from "gatewright";

export default defineGateway({
  listen: ${JSON.stringify(listen)},
  admin: false,
  upstreams: { origin: "http://127.0.0.1:${originPort}" },
  routes: [{ path: "/*", upstream: "origin" }],
});
`;
}
