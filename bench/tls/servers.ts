/**
 * What is compared: nginx and this gateway as TLS proxies, and the origin behind both.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { ChildSpec } from "../load/children.ts";
import { nginxMain, nginxTempPaths } from "../load/peers/nginx.ts";

/** Paths that download, by the bytes that they answer with; `/up` takes uploads of any size. */
export const SIZES: Readonly<Record<string, number>> = { "200": 200, "2k": 2048, "20k": 20_480, "1m": 1_048_576 };

const CERTIFICATES = fileURLToPath(new URL("../../tests/support/certificates", import.meta.url));
const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** A program to start, without its core. */
type Server = Omit<ChildSpec, "core">;

/** nginx with files to download, and a place that reads uploads and answers when it has them. */
export async function origin(dir: string, port: number): Promise<Server> {
  for (const [name, size] of Object.entries(SIZES)) {
    await Deno.writeFile(`${dir}/${name}`, new Uint8Array(size).fill(97));
  }
  return await nginx(
    "origin",
    dir,
    `server {
    listen 127.0.0.1:${port};
    root ${dir};
    location = /up {
      proxy_pass http://unix:${dir}/sink.sock:/;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
    }
  }
  server { listen unix:${dir}/sink.sock; return 200 "ok"; }`,
  );
}

/** nginx as a TLS proxy, with the same freedom to stream as this gateway. */
export async function nginxProxy(dir: string, port: number, originPort: number): Promise<Server> {
  return await nginx(
    "nginx",
    dir,
    `upstream origin { server 127.0.0.1:${originPort}; keepalive 16; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} ssl http2;
    ssl_certificate ${CERTIFICATES}/server.pem;
    ssl_certificate_key ${CERTIFICATES}/server.key;
    http2_body_preread_size 1m;
    location / {
      proxy_pass http://origin;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_request_buffering off;
      proxy_buffers 32 64k;
      proxy_buffer_size 64k;
      proxy_max_temp_file_size 0;
    }
  }`,
  );
}

/** This gateway, started as a user starts it. */
export async function gateway(dir: string, port: number, originPort: number): Promise<Server> {
  const file = `${dir}/gateway.config.ts`;
  const tls = { cert: `${CERTIFICATES}/server.pem`, key: `${CERTIFICATES}/server.key` };
  await Deno.writeTextFile(
    file,
    `import { defineGateway } from "gatewright";
export default defineGateway({
  listen: { hostname: "127.0.0.1", port: ${port}, tls: ${JSON.stringify(tls)} },
  admin: false,
  telemetry: { accessLog: { file: ${JSON.stringify(`${dir}/access.log`)} } },
  routes: [{ path: "/*", upstream: "http://127.0.0.1:${originPort}" }],
});
`,
  );
  const allow = ["--allow-net", "--allow-read", "--allow-env", `--allow-write=${dir}`];
  return { name: "gatewright", dir, command: Deno.execPath(), args: ["run", "--quiet", ...allow, MAIN, "start", file] };
}

async function nginx(name: string, dir: string, servers: string): Promise<Server> {
  await Deno.writeTextFile(
    `${dir}/nginx.conf`,
    `${nginxMain(dir)}
http {
  ${nginxTempPaths(dir)}
  access_log off;
  sendfile on;
  tcp_nopush on;
  default_type application/octet-stream;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  client_max_body_size 64m;
  client_body_buffer_size 2m;
  ${servers}
}
`,
  );
  return { name, dir, command: "nginx", args: ["-p", dir, "-e", "stderr", "-c", `${dir}/nginx.conf`] };
}
