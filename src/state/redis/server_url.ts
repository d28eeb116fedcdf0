/** Where a Redis server is, as a URL says it. @module */

import { Refusal } from "../../settings/scalar.ts";

/** A URL taken apart. */
export interface ServerUrl {
  readonly host: string;
  /** `null` where it is not said. */
  readonly port: number | null;
  readonly db: number;
  readonly tls: boolean;
  readonly username: string | null;
  readonly password: string | null;
}

/** In messages. */
export const SERVER_URL = 'a URL such as "redis://127.0.0.1:6379"';

/** Takes a URL apart, or says what is wrong with it, in words that hold nothing of it: it may have a password. */
export function parseServerUrl(text: string): ServerUrl | Refusal {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1].toLowerCase();
  if (scheme === undefined) {
    const plain = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/.test(text);
    return new Refusal(`expected ${SERVER_URL}`, plain ? `"redis://${text}"` : undefined);
  }
  if (scheme !== "redis" && scheme !== "rediss") {
    const meant = scheme === "valkeys" ? "rediss" : "redis";
    return new Refusal("Redis and Valkey are reached over redis, or rediss with TLS", `a URL with ${meant}://`);
  }
  const url = /[\s\\]/.test(text) ? null : URL.parse(text);
  if (url === null || url.hostname === "") return new Refusal("this is not a URL", SERVER_URL);
  if (url.port === "0") return new Refusal("a server has no port 0", "a port from 1 to 65535");
  if (url.search !== "" || url.hash !== "") {
    return new Refusal("a URL here has no query and no fragment", "the options of redis()");
  }
  const db = /^\/?(\d{0,4})$/.exec(url.pathname);
  if (db === null) return new Refusal("the path is the number of a database", 'nothing, or a number such as "/0"');
  const [username, password] = [url.username, url.password].map(decoded);
  if (username === undefined || password === undefined) {
    return new Refusal("user name or password have a % that begins nothing", '"%25" for each "%"');
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? null : Number(url.port),
    db: Number(db[1]),
    tls: scheme === "rediss",
    username: username === "" ? null : username,
    password: password === "" ? null : password,
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
