/** Methods that every gateway accepts. @module */

/**
 * The methods of the IANA registry ("HTTP Method Registry") that a proxy can forward: those of HTTP itself (RFC 9110 §9.3,
 * RFC 5789, QUERY), then those of WebDAV and its kin (RFC 2068 §19.6, 3253, 3648, 3744, 4437, 4791, 4918, 5323, 5842).
 * Not `CONNECT` (a tunnel to anywhere), `TRACE` (it sends credentials back), `PRI` (the beginning of HTTP/2, RFC 9113
 * §3.4) and `*` (no method). Others, such as `PURGE`, are added by the config's `methods`.
 */
export const KNOWN_METHODS: readonly string[] = Object.freeze([
  ...["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"],
  ...["ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "COPY", "LABEL", "LINK", "LOCK", "MERGE", "MKACTIVITY"],
  ...["MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "ORDERPATCH", "PROPFIND", "PROPPATCH", "REBIND"],
  ...["REPORT", "SEARCH", "UNBIND", "UNCHECKOUT", "UNLINK", "UNLOCK", "UPDATE", "UPDATEREDIRECTREF", "VERSION-CONTROL"],
]);

/** In no registry, and accepted all the same, as every other proxy does: UPnP's search. That a config names it is no mistake. */
export const USUAL_METHODS: readonly string[] = Object.freeze(["M-SEARCH"]);

/** Registered methods that are never proxied. */
export const REFUSED_METHODS: readonly string[] = Object.freeze(["CONNECT", "TRACE", "PRI"]);
