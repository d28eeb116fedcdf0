/**
 * nginx as a reverse proxy: one worker, keep-alive to the origin.
 *
 * @module
 */
import type { Peer, PeerSetup } from "../peer.ts";
import { firstLineOf } from "../program.ts";

/** Directives beyond those of a proxy, by the block that they belong to. */
interface Further {
  readonly http: (setup: PeerSetup) => string;
  readonly location: string;
}

/** The peer nginx; the ratios are to it. */
export const nginx: Peer = nginxWith("nginx", { http: () => "", location: "" });

/** nginx that does something besides. */
export function nginxWith(id: string, further: Further): Peer {
  return {
    id,
    alwaysLogs: false,
    async find() {
      const version = await firstLineOf("nginx", ["-v"]);
      return version === undefined
        ? { missing: "apt-get install nginx" }
        : { version: version.replace(/^.*nginx\//, "") };
    },
    async prepare(setup) {
      const file = `${setup.dir}/nginx.conf`;
      await Deno.writeTextFile(file, config(setup, further));
      return { command: "nginx", args: ["-p", setup.dir, "-e", "stderr", "-c", file] };
    },
  };
}

function config(setup: PeerSetup, { http, location }: Further): string {
  return `${nginxMain(setup.dir)}
http {
  ${nginxTempPaths(setup.dir)}
  access_log ${setup.accessLog ? `${setup.logFile} combined buffer=64k flush=1s` : "off"};
  keepalive_requests 1000000000;
  ${http(setup)}
  upstream origin {
    server 127.0.0.1:${setup.originPort};
    keepalive 256;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${setup.port} backlog=4096;
    location / {
      proxy_pass http://origin;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection "";
      proxy_set_header Proxy-Connection "";
      proxy_set_header TE "";
      proxy_set_header Trailer "";
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Request-Id $request_id;
      ${location}
    }
  }
}
`;
}

/** The part of an nginx config above `http`: one worker in the foreground, all files in `dir`. */
export function nginxMain(dir: string): string {
  // Started as root, the workers would become another user and lose sight of the folder.
  const user = Deno.uid() === 0 ? "user root;\n" : "";
  return `${user}worker_processes 1;
daemon off;
pid ${dir}/nginx.pid;
events { worker_connections 4096; }`;
}

/** The `http` directives that keep nginx's scratch files inside `dir`. */
export function nginxTempPaths(dir: string): string {
  return ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${dir}/${name};`)
    .join("\n  ");
}
