/** Addresses of servers: scheme, host and port, or a Unix socket. @module */

import type { z } from "zod";
import type { NetAddress } from "../../core/net_address.ts";
import { withoutCredentials } from "../seen.ts";
import { Refusal } from "../../settings/scalar.ts";
import { socketPathError } from "./socket_path.ts";
import { text } from "../../settings/text.ts";

/** A server's address, taken apart. */
export interface Origin {
  /** Scheme, host and port, the port left out where it is the scheme's own; `unix:` and the path of a socket. */
  readonly url: string;
  /** A Unix socket is spoken to in `http`. */
  readonly scheme: "http" | "https";
  readonly address: NetAddress;
}

const EXPECTED = 'a URL such as "http://127.0.0.1:3000"';

/** The URL of a server, without path, query or credentials. */
export function originUrl(): z.ZodType<Origin, unknown> {
  return text({
    expected: EXPECTED,
    json: { pattern: "^(([Hh][Tt][Tt][Pp]|[Ww][Ss])[Ss]?://[^/?#@\\s]+/?|unix:/[^/].*)$" },
    remedy: portRemedy,
    read: parseOrigin,
  });
}

/** The URL that a mere port was probably meant to be. */
export function portRemedy(value: unknown): string | undefined {
  const isPort = typeof value === "number" && Number.isInteger(value) && value > 0 && value <= 65535;
  return isPort ? `"http://127.0.0.1:${value}"` : undefined;
}

/** Takes an address apart, or says what to write instead. */
export function parseOrigin(text: string): Origin | Refusal {
  const unix = /^(?:https?:\/\/)?unix:(.*)$/is.exec(text);
  if (unix !== null) return parseUnix(text, unix[1]);
  const parts = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)([^#]*)(.*)$/s.exec(text);
  if (parts === null) return new Refusal(`expected ${EXPECTED}`, withScheme(text));
  const [, written, authority, path, query, fragment] = parts, named = written.toLowerCase();
  const scheme = named === "ws" ? "http" : named === "wss" ? "https" : named;
  if (scheme !== "http" && scheme !== "https") {
    return new Refusal(`upstreams are reached over http or https, not ${scheme}`);
  }
  const host = authority.slice(authority.lastIndexOf("@") + 1), bare = `${scheme}://${host}`;
  if (host !== authority) {
    return new Refusal(
      "a URL here has no user name or password",
      `"${bare}", and a headers policy that sets authorization to a secret`,
    );
  }
  const url = /[\s\\]/.test(host) ? null : URL.parse(bare);
  if (url === null || url.hostname === "") {
    return new Refusal(`"${withoutCredentials(bare)}" is not a URL`, `a URL such as "http://127.0.0.1:3000"`);
  }
  if (url.port === "0") return new Refusal("a server has no port 0", "a port from 1 to 65535");
  const extra = extraPart(path, query, fragment);
  if (extra !== null) return new Refusal(extra.message, `"${bare}"${extra.hint}`);
  return {
    url: `${scheme}://${url.host}`,
    scheme,
    address: {
      kind: "tcp",
      hostname: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: url.port === "" ? (scheme === "https" ? 443 : 80) : Number(url.port),
    },
  };
}

/** Also what nginx takes: `http://unix:/run/app.sock:/base`. */
function parseUnix(text: string, path: string): Origin | Refusal {
  const [, socket, base] = /^(.*?)(?::\/(.*))?$/s.exec(path)!;
  if (base !== undefined) {
    const hint = base === "" ? "" : `, and on the route rewrite: "/${base.replace(/\/+$/, "")}/…"`;
    return new Refusal("a server's URL has no path", `"unix:${socket}"${hint}`);
  }
  const error = socketPathError(path, "unix:");
  if (error !== null) return error;
  if (!text.startsWith("unix:/")) return new Refusal(`expected ${EXPECTED}`, `"unix:${path}"`);
  return { url: text, scheme: "http", address: { kind: "unix", path } };
}

function extraPart(path: string, query: string, fragment: string): { message: string; hint: string } | null {
  if (path !== "" && path !== "/") {
    const base = path.replace(/\/+$/, "");
    return {
      message: "a server's URL has no path",
      hint: `, and on the route rewrite: "${base}/…"`,
    };
  }
  if (query !== "") return { message: "a server's URL has no query", hint: "" };
  return fragment === "" ? null : { message: "a server's URL has no fragment", hint: "" };
}

/** The URL that `localhost:3000`, `example.com` or `http:/x` were meant to be. */
function withScheme(text: string): string | undefined {
  const slips = /^(https?):?\/{0,2}([A-Za-z0-9.-]+(?::\d+)?)\/?$/i.exec(text);
  if (slips !== null && text.includes("/")) return `"${slips[1].toLowerCase()}://${slips[2]}"`;
  return /^(?:[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?\/?$/.test(text)
    ? `"http://${text.replace(/\/$/, "")}"`
    : undefined;
}
