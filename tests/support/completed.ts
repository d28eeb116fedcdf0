/** Finished requests for tests. @module */

import type { RequestCompleted } from "../../src/core/events.ts";
import { makeExchange } from "./exchange.ts";

/** A plain GET that was answered in 10 ms, but for what is given. */
export function completed(given: Partial<RequestCompleted> = {}): RequestCompleted {
  return {
    method: "GET",
    path: "/",
    host: "a.example",
    route: "home",
    status: 200,
    duration: 10,
    bytesIn: 0,
    bytesOut: 2,
    endpoint: "",
    attempts: 0,
    requestId: "r1",
    client: "127.0.0.1",
    error: "",
    limit: "",
    auth: "",
    cache: "",
    identity: "",
    reason: "",
    traceId: "",
    traced: false,
    exchange: makeExchange(),
    ...given,
  };
}
