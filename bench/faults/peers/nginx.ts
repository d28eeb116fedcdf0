/**
 * nginx. The open-source one has no active checks.
 *
 * @module
 */
import { nginx as loadPeer, nginxMain, nginxTempPaths } from "../../load/peers/nginx.ts";
import type { FaultPeer, FaultSetup } from "../peer.ts";

/** The peer nginx. */
export const nginx: FaultPeer = {
  id: "nginx",
  find: (signal) => loadPeer.find(signal),
  async prepare(setup) {
    const file = `${setup.dir}/nginx.conf`;
    await Deno.writeTextFile(file, config(setup));
    return { command: "nginx", args: ["-p", setup.dir, "-e", "stderr", "-c", file] };
  },
};

function config({ dir, port, endpoints, timeouts }: FaultSetup): string {
  const servers = endpoints.map((endpoint) => `server 127.0.0.1:${endpoint} max_fails=3 fail_timeout=1s;`).join(
    "\n    ",
  );
  return `${nginxMain(dir)}
http {
  ${nginxTempPaths(dir)}
  access_log off;
  upstream app {
    ${servers}
    keepalive 64;
  }
  server {
    listen 127.0.0.1:${port};
    location = / { return 200; }
    location / {
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection "";
      proxy_connect_timeout ${timeouts.connect}ms;
      proxy_send_timeout ${timeouts.idle}ms;
      proxy_read_timeout ${Math.max(timeouts.head, timeouts.idle)}ms;
      proxy_next_upstream error timeout invalid_header http_500 http_502 http_503 http_504;
    }
  }
}
`;
}
