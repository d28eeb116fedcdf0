/**
 * This gateway.
 *
 * @module
 */
import type { Peer } from "../../load/peer.ts";
import { gatewright as proxy, gatewrightStart } from "../../load/peers/gatewright.ts";

/** This gateway, with these policies: text as it stands in a config. */
export function gatewrightOn(id: string, engine: "h1" | "serve", policies: string): Peer {
  return {
    id,
    alwaysLogs: true,
    find: proxy.find,
    async prepare(setup) {
      const file = `${setup.dir}/gateway.config.ts`;
      await Deno.writeTextFile(
        file,
        `import { cache, defineGateway } from "gatewright";

export default defineGateway({
  listen: { hostname: "127.0.0.1", port: ${setup.port}, engine: "${engine}" },
  admin: false,
  telemetry: { accessLog: { file: ${JSON.stringify(setup.logFile)} } },
  policies: [${policies}],
  // The suite takes a request that reaches its origin twice for a failure.
  routes: [{ path: "/*", upstream: "http://127.0.0.1:${setup.originPort}", retry: false }],
});
`,
      );
      return gatewrightStart(setup, file);
    },
  };
}
