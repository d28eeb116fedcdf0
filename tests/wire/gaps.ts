/** What the runtime's HTTP parser leaves no choice about, on the `serve` engine: README prints it. @module */

/** Each as README says it, under the name by which rows give it as their reason. */
export const GAPS = {
  parserRefusals:
    "What the runtime's parser refuses is an empty 400, never a 431, 501 or 505, and leaves no line in the log.",
  heads: "A head may have 64 KiB and 128 lines, whatever the config says.",
  timeouts:
    "There are no time-outs for clients that are slow, silent, or do not read: but for `tunnel`, `timeouts` is an error of `check`.",
  bareLf: "Lines of a head may end in LF alone; what goes on is written anew with CRLF.",
  chunkSpace: "A chunk's size may have white space around it; what goes on is written anew.",
  missingHost:
    "An absolute target without `Host` is taken, because it looks like HTTP/2; HTTP/1.0 without `Host` is a 400.",
  asterisk: "`OPTIONS /*` cannot be told from `OPTIONS *`: both are answered here.",
  noHostTarget: "A target such as `http:///x`, without a host, is taken for the path `/http:///x`.",
  bodilessMethods: "GET and HEAD with a body are a 400: the runtime drops such bodies.",
  joinedFields: "Field names arrive in lower case and requests' fields sorted; requests' lines of one name are joined.",
  viaVersion: "`Via` says 1.1 for requests of HTTP/1.0 too.",
  continueAtOnce:
    "`Expect: 100-continue` is answered with 100 before anybody has been asked, to HTTP/1.0 too, and ends here.",
  brokenBody: "A body whose framing breaks ends the connection without an answer, or leaves it waiting for more.",
  openAfterRefusal:
    "An answer that does not wait for the request's body leaves the connection open until the rest has come or the client closes.",
  halfClose: "A client that ends its side of the connection counts as one that left: it gets no answer.",
  trailers: "Trailers are dropped, both ways.",
  interim: "Interim answers (102, 103) of the origin are not passed on.",
  notModified: "A 304 loses its `Content-Length`.",
  resetContent: "A 205 is sent as a 204.",
  http2Cleartext: "A client that begins with the preface of HTTP/2 is answered in HTTP/2, without TLS too.",
  tunnels: "WebSocket messages are relayed one by one; other protocols cannot be upgraded to.",
} as const satisfies Readonly<Record<string, string>>;

/** A gap's name. */
export type Gap = keyof typeof GAPS;
