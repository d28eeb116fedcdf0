/** The servers that are compared, started. @module */

import { fileURLToPath } from "node:url";
import type { Children } from "../../load/children.ts";
import { freePort } from "../../load/free_port.ts";
import { nginxMain, nginxTempPaths } from "../../load/peers/nginx.ts";
import { untilServing } from "../../load/ready.ts";
import { RecordingOrigin } from "./recording_origin.ts";

/** A server under comparison. */
export interface Server {
  readonly port: number;
  /** What stands behind it, where it is a proxy. */
  readonly origin: RecordingOrigin | null;
}

/** Where programs are started, and what their configs may be written to: an empty folder. */
export interface Place {
  readonly children: Children;
  readonly dir: string;
}

const NODE_SERVER = fileURLToPath(new URL("node_server.mjs", import.meta.url));
const GATEWAY = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));

/** A plain server of Node's. */
export async function startNode(place: Place): Promise<Server> {
  const port = freePort();
  return await start(place, "node", port, null, "node", () => [NODE_SERVER, String(port)]);
}

/** nginx as a reverse proxy that changes as little as it can. */
export async function startNginx(place: Place): Promise<Server> {
  const port = freePort(), origin = new RecordingOrigin();
  return await start(place, "nginx", port, origin, "nginx", async (dir) => {
    await Deno.writeTextFile(`${dir}/nginx.conf`, nginxConfig(dir, port, origin.port));
    return ["-p", dir, "-e", "stderr", "-c", `${dir}/nginx.conf`];
  });
}

/** This gateway, on an engine or on the one that is its default. */
export async function startGateway(place: Place, engine: string | null): Promise<Server> {
  const port = freePort(), origin = new RecordingOrigin();
  return await start(place, "gateway", port, origin, Deno.execPath(), async (dir) => {
    await Deno.writeTextFile(`${dir}/gateway.config.ts`, gatewayConfig(port, engine, origin.port));
    return ["run", "--quiet", "--allow-all", GATEWAY, "start", `${dir}/gateway.config.ts`];
  });
}

async function start(
  { children, dir: parent }: Place,
  name: string,
  port: number,
  origin: RecordingOrigin | null,
  command: string,
  prepare: (dir: string) => string[] | Promise<string[]>,
): Promise<Server> {
  const dir = `${parent}/${name}`;
  await Deno.mkdir(dir);
  const child = children.start({ name, core: 1, command, args: await prepare(dir), dir });
  await untilServing(child, port);
  // The first requests were ours: nobody waits for their answers.
  origin?.strays();
  return { port, origin };
}

function nginxConfig(dir: string, port: number, originPort: number): string {
  return `${nginxMain(dir)}
http {
  ${nginxTempPaths(dir)}
  access_log off;
  large_client_header_buffers 4 64k;
  # The origin takes no request without Host; HTTP/1.0 has such.
  map $http_host $host_sent { "" none; default $http_host; }
  upstream origin {
    server 127.0.0.1:${originPort};
    keepalive 64;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://origin;
      proxy_http_version 1.1;
      proxy_next_upstream off;
      proxy_buffer_size 256k;
      proxy_buffers 4 256k;
      proxy_busy_buffers_size 512k;
      proxy_set_header Host $host_sent;
      proxy_set_header Connection "";
    }
  }
}
`;
}

function gatewayConfig(port: number, engine: string | null, originPort: number): string {
  const listen = { hostname: "127.0.0.1", port, ...engine === null ? {} : { engine } };
  return `import { defineGateway } from "gatewright";

export default defineGateway({
  listen: ${JSON.stringify(listen)},
  admin: false,
  telemetry: { accessLog: false },
  upstreams: { origin: "http://127.0.0.1:${originPort}" },
  routes: [{ path: "/*", upstream: "origin" }],
});
`;
}
