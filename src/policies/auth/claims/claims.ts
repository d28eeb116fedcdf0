/** What is claimed of whom a token is about. @module */

/** The claims of a token (RFC 7519 §4), or the members of an answer about one (RFC 7662 §2.2), frozen. */
export type Claims = Readonly<Record<string, unknown>>;
