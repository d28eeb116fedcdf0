/** A listener that only sends clients to HTTPS. @module */

import type { Exchange } from "../core/exchange.ts";
import { HeaderList } from "../core/header_list.ts";
import { Reply } from "../core/reply.ts";
import { problem } from "../http/problem.ts";
import type { EngineHost } from "./engine.ts";

const HTTPS_PORT = 443;

/** `host`, with every request answered by 308 (RFC 9110 §15.4.9), which keeps method and body. @param port asked for each time */
export function redirectingHost(host: EngineHost, port: () => number): EngineHost {
  return {
    handle: (exchange) => host.local(exchange, (exchange) => redirect(exchange, port())),
    overloaded: (exchange) => host.overloaded(exchange),
    local: (exchange, answer) => host.local(exchange, answer),
    crashed: (exchange, cause) => host.crashed(exchange, cause),
    completed: (exchange, status, bytesIn, bytesOut) => host.completed(exchange, status, bytesIn, bytesOut),
    get draining() {
      return host.draining;
    },
    requestIdField: host.requestIdField,
  };
}

function redirect(exchange: Exchange, port: number): Reply {
  const { host, path, query } = exchange;
  if (host === "") {
    return problem(exchange, {
      status: 400,
      code: "bad_host",
      detail: "The request has no Host to be redirected to.",
    });
  }
  const authority = port === HTTPS_PORT ? host : `${host}:${port}`;
  return new Reply(308, HeaderList.of("location", `https://${authority}${path}${query}`), null);
}
