/** Which certificate belongs to the name that a client asks for. @module */

/** Values by server name (RFC 6066 §3): exact, or `*.example.com` for one label before `.example.com`. */
export class ServerNames<T> {
  readonly #values = new Map<string, T>();

  /** @param entries hosts in lower case, none of them twice */
  constructor(entries: Iterable<readonly [hosts: readonly string[], value: T]>) {
    for (const [hosts, value] of entries) for (const host of hosts) this.#values.set(host, value);
  }

  /** The value of the exact name, else of the wildcard above it. @param name as the client wrote it; empty: it asked for none */
  find(name: string): T | undefined {
    const host = name.toLowerCase().replace(/\.$/, ""), exact = this.#values.get(host), dot = host.indexOf(".");
    return exact !== undefined || dot < 1 ? exact : this.#values.get(`*${host.slice(dot)}`);
  }
}
