/** What the gateway as a whole takes. @module */

/** As `Allow` says it; a path may take less. */
export const ALLOW = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
