/**
 * Caddy's reverse_proxy. It adds X-Forwarded-For, -Host and -Proto by itself.
 *
 * @module
 */
import type { Peer, PeerSetup } from "../peer.ts";
import { firstLineOf } from "../program.ts";

/** The peer Caddy. */
export const caddy: Peer = {
  id: "caddy",
  alwaysLogs: false,
  async find() {
    const version = await firstLineOf("caddy", ["version"]);
    return version === undefined ? { missing: "apt-get install caddy" } : { version };
  },
  async prepare(setup) {
    const file = `${setup.dir}/Caddyfile`;
    await Deno.writeTextFile(file, config(setup));
    // Caddy saves the last config it ran; not in the user's folders.
    const home = [`XDG_CONFIG_HOME=${setup.dir}`, `XDG_DATA_HOME=${setup.dir}`];
    return { command: "env", args: [...home, "caddy", "run", "--config", file, "--adapter", "caddyfile"] };
  },
};

function config(setup: PeerSetup): string {
  // The transport's settings spare Caddy work that the other peers do not do either: asking for gzip, and closing
  // and opening connections beyond its default of 32 idle ones.
  return `{
  admin off
  auto_https off
  log {
    level ERROR
    exclude http.log.access
  }
}
http://:${setup.port} {
  bind 127.0.0.1
  ${setup.accessLog ? `log {\n    output file ${setup.logFile} {\n      roll_disabled\n    }\n  }` : "# no log"}
  reverse_proxy 127.0.0.1:${setup.originPort} {
    header_up X-Request-Id {http.request.uuid}
    transport http {
      versions 1.1
      compression off
      keepalive_idle_conns_per_host 256
    }
  }
}
`;
}
