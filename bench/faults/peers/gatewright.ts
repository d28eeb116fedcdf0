/**
 * This gateway on Deno, as a user runs it.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { gatewaySettings } from "../../../tests/faults/gateway_settings.ts";
import { gatewright as loadPeer } from "../../load/peers/gatewright.ts";
import type { FaultPeer, FaultSetup } from "../peer.ts";

const MAIN = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));

/** The peer that all this is about. */
export const gatewright: FaultPeer = {
  id: "gatewright",
  find: (signal) => loadPeer.find(signal),
  async prepare(setup) {
    const file = `${setup.dir}/gateway.config.ts`;
    await Deno.writeTextFile(file, config(setup));
    const permissions = ["--allow-net", "--allow-read", "--allow-env", `--allow-write=${setup.dir}`];
    return {
      command: Deno.execPath(),
      args: ["run", "--quiet", ...permissions, MAIN, "start", file],
      stdout: `${setup.dir}/stdout.txt`,
    };
  },
};

/** Milliseconds that an endpoint which fails is left alone; the other proxies are told the same. */
const AWAY = 1000;

function config({ port, endpoints, timeouts }: FaultSetup): string {
  const app = JSON.stringify(gatewaySettings(endpoints, timeouts, AWAY), null, 2);
  return `import { defineGateway } from "gatewright";

export default defineGateway({
  listen: { hostname: "127.0.0.1", port: ${port} },
  admin: false,
  upstreams: { app: ${app} },
  routes: [
    { path: "/", respond: { body: "ready" } },
    { path: "/*", upstream: "app" },
  ],
});
`;
}
