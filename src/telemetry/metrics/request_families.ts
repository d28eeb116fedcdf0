/** The metrics that are counted when a request is over. @module */

import { family } from "./family.ts";

export const REQUESTS = family({
  name: "http_requests_total",
  type: "counter",
  help: "Requests that are over, by the status that was sent; 499 when the client left before there was one.",
  labels: ["method", "route", "status", "code"],
});

export const DURATIONS = family({
  name: "http_request_duration_seconds",
  type: "histogram",
  unit: "seconds",
  help: "Time from a request's head to the last byte of its answer. WebSockets and other tunnels are not in it.",
  labels: ["method", "route"],
});

export const BYTES_IN = family({
  name: "http_request_body_bytes_total",
  type: "counter",
  unit: "bytes",
  help: "Bytes of requests' bodies that have arrived, and what clients have sent through tunnels.",
  labels: ["method", "route"],
});

export const BYTES_OUT = family({
  name: "http_response_body_bytes_total",
  type: "counter",
  unit: "bytes",
  help: "Bytes of answers' bodies that were sent, and what tunnels have sent to clients.",
  labels: ["method", "route"],
});

export const ERRORS = family({
  name: "gatewright_request_errors_total",
  type: "counter",
  help:
    "Requests that ended in an answer of the gateway's own or were broken off, by the code that the log has for it.",
  labels: ["route", "error"],
});

export const LIMITS = family({
  name: "gatewright_limit_outcomes_total",
  type: "counter",
  help: "What limits on the rate made of requests: passed, refused, would-refuse, delayed, store-away.",
  labels: ["route", "outcome"],
});

export const AUTHS = family({
  name: "gatewright_auth_outcomes_total",
  type: "counter",
  help: "What the question who is asking came to, where it was asked: passed, anonymous, absent, invalid and so on.",
  labels: ["route", "outcome"],
});

export const CACHES = family({
  name: "gatewright_cache_outcomes_total",
  type: "counter",
  help: "What caches made of requests, where one was asked: hit, stale, revalidated, collapsed, miss, bypass.",
  labels: ["route", "outcome"],
});

export const PUSHES_FAILED = family({
  name: "gatewright_metrics_push_failures_total",
  type: "counter",
  help: "Times that metrics could not be pushed to the collector. Nothing is lost by one: numbers are totals.",
  labels: [],
});
