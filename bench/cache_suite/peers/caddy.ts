/**
 * Caddy with its cache-handler (Souin), which a distribution's Caddy does not have.
 *
 * @module
 */
import type { Peer } from "../../load/peer.ts";
import { firstLineOf } from "../../load/program.ts";

const BUILD = "xcaddy build --with github.com/caddyserver/cache-handler, and that caddy first in the PATH";

/** The cache in Caddy. */
export const caddy: Peer = {
  id: "caddy",
  alwaysLogs: false,
  async find() {
    const version = await firstLineOf("caddy", ["version"]);
    if (version === undefined) return { missing: BUILD };
    const { stdout } = await new Deno.Command("caddy", { args: ["list-modules"], stdin: "null" }).output();
    if (!/^http\.handlers\.cache$/m.test(new TextDecoder().decode(stdout))) return { missing: BUILD };
    return { version: version.replace(/ .*$/, "") };
  },
  async prepare({ dir, port, originPort }) {
    const file = `${dir}/Caddyfile`;
    await Deno.writeTextFile(
      file,
      `{
  admin off
  auto_https off
  cache
}
http://:${port} {
  bind 127.0.0.1
  cache {
    default_cache_control no-store
  }
  reverse_proxy http://127.0.0.1:${originPort} {
    transport http {
      dial_timeout 10s
    }
  }
}
`,
    );
    // Caddy saves the last config it ran; not in the user's folders.
    const home = [`XDG_CONFIG_HOME=${dir}`, `XDG_DATA_HOME=${dir}`];
    return { command: "env", args: [...home, "caddy", "run", "--config", file, "--adapter", "caddyfile"] };
  },
};
