/**
 * HAProxy, with its checks and its repeating at the HTTP level.
 *
 * @module
 */
import { HEALTH_PATH } from "../../../tests/faults/faulty_endpoint.ts";
import { haproxy as loadPeer } from "../../load/peers/haproxy.ts";
import type { FaultPeer, FaultSetup } from "../peer.ts";

/** The peer HAProxy. */
export const haproxy: FaultPeer = {
  id: "haproxy",
  find: (signal) => loadPeer.find(signal),
  async prepare(setup) {
    const file = `${setup.dir}/haproxy.cfg`;
    await Deno.writeTextFile(file, config(setup));
    return { command: "haproxy", args: ["-db", "-f", file] };
  },
};

function config({ port, endpoints, timeouts }: FaultSetup): string {
  const servers = endpoints.map((endpoint, at) => `server e${at} 127.0.0.1:${endpoint}`).join("\n  ");
  // Without the last rule of the frontend it would send a POST again too.
  return `global
  nbthread 1
  maxconn 4096
defaults
  mode http
  option http-keep-alive
  option redispatch 1
  retries 3
  retry-on all-retryable-errors
  timeout connect ${timeouts.connect}ms
  timeout server ${Math.max(timeouts.head, timeouts.idle)}ms
  timeout client 30s
frontend in
  bind 127.0.0.1:${port}
  http-request return status 200 if { path / }
  http-request disable-l7-retry if METH_POST
  default_backend app
backend app
  balance roundrobin
  option httpchk GET ${HEALTH_PATH}
  default-server check inter 500ms fall 2 rise 2 observe layer7 error-limit 5 on-error mark-down
  ${servers}
`;
}
