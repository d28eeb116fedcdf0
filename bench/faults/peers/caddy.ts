/**
 * Caddy, with active and passive checks and with retries.
 *
 * @module
 */
import { HEALTH_PATH } from "../../../tests/faults/faulty_endpoint.ts";
import { caddy as loadPeer } from "../../load/peers/caddy.ts";
import type { FaultPeer, FaultSetup } from "../peer.ts";

/** The peer Caddy. */
export const caddy: FaultPeer = {
  id: "caddy",
  find: (signal) => loadPeer.find(signal),
  async prepare(setup) {
    const file = `${setup.dir}/Caddyfile`;
    await Deno.writeTextFile(file, config(setup));
    // Caddy saves the last config it ran; not in the user's folders.
    const home = [`XDG_CONFIG_HOME=${setup.dir}`, `XDG_DATA_HOME=${setup.dir}`];
    return { command: "env", args: [...home, "caddy", "run", "--config", file, "--adapter", "caddyfile"] };
  },
};

/**
 * PUT is not tried again: Caddy 2.6 has no body left for that, with `buffer_requests` or without, and would count the
 * failure that follows against the endpoint that is well.
 */
function config({ port, endpoints, timeouts }: FaultSetup): string {
  const to = endpoints.map((endpoint) => `127.0.0.1:${endpoint}`).join(" ");
  return `{
  admin off
  auto_https off
  log {
    level ERROR
  }
}
http://:${port} {
  bind 127.0.0.1
  respond / 200
  reverse_proxy ${to} {
    lb_policy round_robin
    lb_try_duration 2s
    lb_try_interval 25ms
    lb_retries 3
    lb_retry_match {
      method GET HEAD DELETE
    }
    fail_duration 1s
    max_fails 3
    unhealthy_status 5xx
    health_uri ${HEALTH_PATH}
    health_interval 500ms
    health_timeout ${timeouts.connect}ms
    transport http {
      versions 1.1
      compression off
      dial_timeout ${timeouts.connect}ms
      response_header_timeout ${timeouts.head}ms
      read_timeout ${timeouts.idle}ms
      write_timeout ${timeouts.idle}ms
    }
  }
}
`;
}
