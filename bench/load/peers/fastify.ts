/**
 * `@fastify/http-proxy` on Node: the proxy that a Node service would reach for.
 *
 * It is installed on first use, at the versions below, under `var/bench/`, and is no dependency of the project.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Availability, Peer, PeerSetup } from "../peer.ts";
import { firstLineOf } from "../program.ts";

const PACKAGES = { "@fastify/http-proxy": "11.6.3", "fastify": "5.12.8" };
const BENCH = fileURLToPath(new URL("../../../var/bench", import.meta.url));
const HOME = `${BENCH}/fastify-http-proxy-${PACKAGES["@fastify/http-proxy"]}-fastify-${PACKAGES.fastify}`;

/** The peer `@fastify/http-proxy`. */
export const fastify: Peer = {
  id: "fastify",
  alwaysLogs: false,
  async find(signal) {
    const node = await firstLineOf("node", ["--version"]);
    if (node === undefined) return { missing: "apt-get install nodejs" };
    if (!await installed()) {
      const problem = await install(signal);
      if (problem !== undefined) return problem;
    }
    return { version: `${PACKAGES["@fastify/http-proxy"]}, fastify ${PACKAGES.fastify}, Node ${node}` };
  },
  async prepare(setup) {
    const file = `${setup.dir}/server.mjs`;
    // Node looks for imports beside the importing file.
    await Deno.symlink(`${HOME}/node_modules`, `${setup.dir}/node_modules`);
    await Deno.writeTextFile(file, program(setup));
    return { command: "node", args: [file] };
  },
};

async function installed(): Promise<boolean> {
  try {
    await Deno.stat(HOME);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Installs beside {@link HOME} and renames at the end, so that a half-done one is never taken for whole. */
async function install(signal: AbortSignal): Promise<Availability | undefined> {
  if (await firstLineOf("npm", ["--version"]) === undefined) return { missing: "apt-get install npm" };
  await Deno.mkdir(BENCH, { recursive: true });
  const dir = await Deno.makeTempDir({ dir: BENCH, prefix: "installing-" });
  try {
    await Deno.writeTextFile(`${dir}/package.json`, JSON.stringify({ private: true, dependencies: PACKAGES }));
    const { success, stderr } = await new Deno.Command("npm", {
      args: ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
      cwd: dir,
      stdin: "null",
      stdout: "null",
      signal,
    }).output();
    if (!success) {
      return { missing: `npm could not install it: ${new TextDecoder().decode(stderr).trim().split("\n")[0]}` };
    }
    await Deno.rename(dir, HOME);
    return undefined;
  } finally {
    await Deno.remove(dir, { recursive: true }).catch(() => {});
  }
}

function program(setup: PeerSetup): string {
  const logger = setup.accessLog ? { level: "info", file: setup.logFile } : false;
  return `import Fastify from "fastify";
import proxy from "@fastify/http-proxy";

const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];
let count = 0;
const app = Fastify({ logger: ${JSON.stringify(logger)}, genReqId: () => "bench-" + (++count).toString(36) });
app.register(proxy, {
  upstream: "http://127.0.0.1:${setup.originPort}",
  replyOptions: {
    rewriteRequestHeaders(request, headers) {
      const out = { ...headers, host: request.headers.host };
      for (const name of HOP_BY_HOP) delete out[name];
      const before = request.headers["x-forwarded-for"];
      out["x-forwarded-for"] = before === undefined ? request.ip : before + ", " + request.ip;
      out["x-forwarded-host"] = request.headers.host;
      out["x-forwarded-proto"] = request.protocol;
      out["x-request-id"] = request.id;
      return out;
    },
  },
});
await app.listen({ host: "127.0.0.1", port: ${setup.port} });
`;
}
