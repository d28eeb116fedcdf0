/** Words and texts of fixed shape in a config. @module */

/**
 * The methods that a route can be limited to: the usual ones (RFC 9110 §9.3, RFC 5789), and any other registered one or
 * one that the config's `methods` names, in upper case. `CONNECT` and `TRACE` are never proxied. The intersection with an
 * empty type keeps the usual ones, which an editor offers, from vanishing in the type that holds them all.
 */
export type Method =
  | "GET"
  | "HEAD"
  | "POST"
  | "PUT"
  | "PATCH"
  | "DELETE"
  | "OPTIONS"
  | (Uppercase<string> & Record<never, never>);

/**
 * Where a server is: `"http://127.0.0.1:3000"`, `"https://api.example.com"`, or `"unix:/run/app.sock"`. `ws:` and `wss:`
 * are other names of `http:` and `https:`: a WebSocket begins as a request.
 */
export type ServerUrl =
  | `http://${string}`
  | `https://${string}`
  | `unix:/${string}`
  | `ws://${string}`
  | `wss://${string}`;
