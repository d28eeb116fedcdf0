/**
 * nginx's proxy_cache.
 *
 * @module
 */
import type { Peer, PeerSetup } from "../../load/peer.ts";
import { nginx as proxy, nginxMain, nginxTempPaths } from "../../load/peers/nginx.ts";

/** The cache in nginx. */
export const nginx: Peer = {
  id: "nginx",
  alwaysLogs: false,
  find: proxy.find,
  async prepare(setup) {
    const file = `${setup.dir}/nginx.conf`;
    await Deno.writeTextFile(file, config(setup));
    return { command: "nginx", args: ["-p", setup.dir, "-e", "stderr", "-c", file] };
  },
};

function config({ dir, port, originPort }: PeerSetup): string {
  return `${nginxMain(dir)}
http {
  ${nginxTempPaths(dir)}
  access_log off;
  proxy_cache_path ${dir}/cache levels=1:2 keys_zone=cache:8m max_size=1000m inactive=600m;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${originPort};
      proxy_cache cache;
      proxy_cache_revalidate on;
      proxy_http_version 1.1;
    }
  }
}
`;
}
