/**
 * Varnish, with nothing but its built-in rules.
 *
 * @module
 */
import type { Peer } from "../../load/peer.ts";
import { firstLineOf } from "../../load/program.ts";

/** The cache Varnish. */
export const varnish: Peer = {
  id: "varnish",
  alwaysLogs: false,
  async find() {
    const version = await firstLineOf("varnishd", ["-V"]);
    return version === undefined
      ? { missing: "apt-get install varnish" }
      : { version: version.replace(/^.*varnish-(\S+).*$/, "$1") };
  },
  async prepare({ dir, port, originPort }) {
    const file = `${dir}/default.vcl`;
    await Deno.writeTextFile(
      file,
      `vcl 4.1;\n\nbackend default {\n  .host = "127.0.0.1";\n  .port = "${originPort}";\n}\n`,
    );
    // Nothing is kept that the origin did not ask for, and what is stale is kept for a while to be revalidated.
    const parameters = ["default_ttl=0", "default_grace=0", "default_keep=3600"].flatMap((one) => ["-p", one]);
    return {
      command: "varnishd",
      args: [
        ...["-F", "-j", "none", "-n", `${dir}/varnish`, "-a", `127.0.0.1:${port}`, "-f", file],
        ...parameters,
        ...["-s", "malloc,64M"],
      ],
    };
  },
};
