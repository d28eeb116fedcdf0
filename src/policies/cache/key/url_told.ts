/** What the upstream is told of a request's URL beside what the cache's key says of it. @module */

import type { Exchange } from "../../../core/exchange.ts";
import { elementsFromRight } from "../../../http/forwarded_field.ts";
import type { OriginReader } from "./origin.ts";

/** What a proxy may say of host and port. */
const OF_HOST = ["x-forwarded-host", "x-forwarded-port", "x-original-host", "x-host", "x-http-host-override"];
/** What it may say of the rest of the URL that it was asked for. */
const OF_THE_REST = [
  ...["x-forwarded-proto", "x-forwarded-scheme", "x-forwarded-ssl"],
  ...["x-scheme", "x-url-scheme", "front-end-https"],
  ...["x-forwarded-prefix", "x-original-url", "x-original-uri", "x-rewrite-url"],
];

/**
 * Prepares the reading: the host as it was spelt, and what a trusted proxy says, which goes on to the upstream. Without it,
 * what the upstream answers to http, or for a host that it does not know, would be served for https and the host proper.
 * The text is `""` for nothing, and begins with a `;` otherwise.
 *
 * @param host whether host and port count
 */
export function urlTold(host: boolean, originOf: OriginReader): (exchange: Exchange) => string {
  const names = host ? [...OF_HOST, ...OF_THE_REST] : OF_THE_REST;
  return (exchange) => {
    const spelling = host ? originOf(exchange).spelling : "";
    const text = spelling === "" ? "" : told("host", spelling);
    return exchange.client.trusted ? text + toldByProxy(exchange, names, host) : text;
  };
}

function toldByProxy({ headers }: Exchange, names: readonly string[], host: boolean): string {
  let text = "";
  for (let i = 0; i < names.length; i++) {
    const value = headers.get(names[i]);
    if (value !== null) text += told(names[i], value);
  }
  const forwarded = headers.get("forwarded");
  if (forwarded === null) return text;
  // Whom it was for makes no difference, and what cannot be read does not go on.
  for (const element of elementsFromRight(forwarded)) {
    text += told("forwarded", `${element.proto ?? ""} ${host ? element.host ?? "" : ""}`);
  }
  return text;
}

function told(name: string, value: string): string {
  return `;${name}=${value.length}:${value}`;
}
