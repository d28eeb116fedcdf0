/**
 * HAProxy: one thread, keep-alive to the origin.
 *
 * @module
 */
import type { Peer, PeerSetup } from "../peer.ts";
import { firstLineOf } from "../program.ts";

/** The peer HAProxy. */
export const haproxy: Peer = {
  id: "haproxy",
  alwaysLogs: false,
  async find() {
    const version = await firstLineOf("haproxy", ["-v"]);
    if (version === undefined) return { missing: "apt-get install haproxy" };
    return { version: version.replace(/^HAProxy version (\S+).*$/, "$1") };
  },
  async prepare(setup) {
    const file = `${setup.dir}/haproxy.cfg`;
    await Deno.writeTextFile(file, config(setup));
    const launch = { command: "haproxy", args: ["-db", "-f", file] };
    return setup.accessLog ? { ...launch, stdout: setup.logFile } : launch;
  },
};

function config(setup: PeerSetup): string {
  return `global
  nbthread 1
  maxconn 4096
  ${setup.accessLog ? "log stdout format raw local0 info" : "# no log"}
defaults
  mode http
  ${setup.accessLog ? "log global\n  option httplog" : "# no log"}
  option http-keep-alive
  http-reuse always
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend in
  bind 127.0.0.1:${setup.port} backlog 4096
  option forwardfor
  http-request del-header Keep-Alive
  http-request del-header Proxy-Connection
  http-request del-header TE
  http-request del-header Trailer
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Request-Id %[uuid()]
  default_backend origin
backend origin
  server origin 127.0.0.1:${setup.originPort} pool-max-conn 256
`;
}
