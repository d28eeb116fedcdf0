/** Words and texts of fixed shape in a config. @module */

/** The methods that a route can be limited to (RFC 9110 §9.3, RFC 5789); `CONNECT` and `TRACE` are never proxied. */
export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

/** An absolute URL of a server: `"http://127.0.0.1:3000"`, `"https://api.example.com"`. */
export type HttpUrl = `http://${string}` | `https://${string}`;
