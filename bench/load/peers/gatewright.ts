/**
 * This gateway on Deno, as a user runs it: a table of routes, a chain with a policy of the user's own, access log on.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Availability, Launch, Peer, PeerSetup } from "../peer.ts";

const MAIN = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));

/** The peer that all this is about. */
export const gatewright: Peer = gatewrightOn("gatewright", "h1");

/** The same on the runtime's own server. */
export const gatewrightServe: Peer = gatewrightOn("gatewright-serve", "serve");

/** What a config has beyond the usual. */
export interface Further {
  /** Policies by the names of their factories, which are called without options. @default none */
  readonly policies?: readonly string[];
  /** Whether its access log is on whatever those of the others are. @default true */
  readonly alwaysLogs?: boolean;
  /** Source text of `telemetry`, beside the access log. @default what a config has that says nothing */
  readonly telemetry?: string;
}

/** This gateway with more in its config. */
export function gatewrightOn(id: string, engine: "h1" | "serve", further: Further = {}): Peer {
  const { alwaysLogs = true } = further;
  return { id, alwaysLogs, find, prepare: (setup) => prepare(setup, engine, further) };
}

async function find(): Promise<Availability> {
  try {
    await Deno.stat(MAIN);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { missing: "src/cli/main.ts is not there" };
    throw error;
  }
  const { version } = JSON.parse(await Deno.readTextFile(new URL("../../../deno.json", import.meta.url)));
  return { version: `${version}, Deno ${Deno.version.deno}` };
}

async function prepare(setup: PeerSetup, engine: "h1" | "serve", further: Further): Promise<Launch> {
  const file = `${setup.dir}/gateway.config.ts`;
  await Deno.writeTextFile(file, config(setup, engine, further));
  return gatewrightStart(setup, file);
}

/** The program that runs the config in `file`, with the permissions that a user would give it. */
export function gatewrightStart({ dir }: PeerSetup, file: string): Launch {
  return {
    command: Deno.execPath(),
    args: [
      "run",
      "--quiet",
      "--allow-net",
      "--allow-read",
      "--allow-env",
      `--allow-write=${dir}`,
      MAIN,
      "start",
      file,
    ],
    stdout: `${dir}/stdout.txt`,
  };
}

/** Paths that no shape asks for; they make the router's table that of a small product. */
const OTHER_PATHS = [
  "/login",
  "/logout",
  "/assets/*",
  "/api/users",
  "/api/users/:id/avatar",
  "/api/users/:id/orders",
  "/api/orders",
  "/api/orders/:id",
  "/api/orders/:id/items",
  "/api/orders/:id/items/:item",
  "/api/products",
  "/api/products/:id",
  "/api/products/:id/reviews",
  "/api/search",
  "/api/cart/*rest",
  "/internal/metrics",
];

function config(
  setup: PeerSetup,
  engine: "h1" | "serve",
  { policies = [], telemetry = "" }: Further,
): string {
  const routes = ["/", "/api/users/:id", "/*", ...OTHER_PATHS]
    .map((path) => `    { path: ${JSON.stringify(path)}, upstream: "origin" },`);
  return `import { ${["defineGateway", "definePolicy", ...policies].join(", ")} } from "gatewright";

const passThrough = definePolicy({ name: "passThrough", handle: (_ctx, next) => next() });

export default defineGateway({
  listen: { hostname: "127.0.0.1", port: ${setup.port}, engine: "${engine}" },
  admin: false,
  telemetry: { accessLog: ${setup.accessLog ? JSON.stringify({ file: setup.logFile }) : "false"}, ${telemetry} },
  upstreams: { origin: "http://127.0.0.1:${setup.originPort}" },
  policies: [${["passThrough", ...policies.map((name) => `${name}({})`)].join(", ")}],
  routes: [
${routes.join("\n")}
  ],
});
`;
}
