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

/**
 * This gateway with further policies, by the names of their factories, which are called without options. With
 * `alwaysLogs: false` its access log is on when those of the others are.
 */
export function gatewrightOn(
  id: string,
  engine: "h1" | "serve",
  further: readonly string[] = [],
  alwaysLogs = true,
): Peer {
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

async function prepare(setup: PeerSetup, engine: "h1" | "serve", further: readonly string[]): Promise<Launch> {
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

function config(setup: PeerSetup, engine: "h1" | "serve", further: readonly string[]): string {
  const routes = ["/", "/api/users/:id", "/*", ...OTHER_PATHS]
    .map((path) => `    { path: ${JSON.stringify(path)}, upstream: "origin" },`);
  return `import { ${["defineGateway", "definePolicy", ...further].join(", ")} } from "gatewright";

const passThrough = definePolicy({ name: "passThrough", handle: (_ctx, next) => next() });

export default defineGateway({
  listen: { hostname: "127.0.0.1", port: ${setup.port}, engine: "${engine}" },
  admin: false,
  telemetry: { accessLog: ${setup.accessLog ? JSON.stringify({ file: setup.logFile }) : "false"} },
  upstreams: { origin: "http://127.0.0.1:${setup.originPort}" },
  policies: [${["passThrough", ...further.map((name) => `${name}({})`)].join(", ")}],
  routes: [
${routes.join("\n")}
  ],
});
`;
}
