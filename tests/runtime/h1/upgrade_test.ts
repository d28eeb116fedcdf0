import { strict as assert } from "node:assert";
import { wantedProtocols } from "../../../src/runtime/h1/upgrade.ts";

const CASES: readonly [title: string, upgrade: string, connection: string, wanted: string][] = [
  ["a WebSocket", "websocket", "Upgrade", "websocket"],
  ["as browsers say it", "websocket", "keep-alive, Upgrade", "websocket"],
  ["any case of the option", "WebSocket", "uPGRADE", "WebSocket"],
  ["options without spaces", "websocket", "a,upgrade,b", "websocket"],
  ["a tab for a space", "websocket", "a,\tupgrade\t,b", "websocket"],
  ["Connection without upgrade", "websocket", "keep-alive", ""],
  ["Connection with another word around it", "websocket", "upgrade-insecure", ""],
  ["Connection with a longer word", "websocket", "xupgrade", ""],
  ["no Connection", "websocket", "", ""],
  ["no Upgrade", "", "upgrade", ""],
  ["a protocol with its version", "IRC/6.9", "upgrade", "IRC/6.9"],
  ["several, in order", "IRC/6.9, RTA/x11,websocket", "upgrade", "IRC/6.9, RTA/x11, websocket"],
  ["HTTP/2 in cleartext, which would go around every rule", "h2c", "Upgrade, HTTP2-Settings", ""],
  ["H2C", "H2C", "upgrade", ""],
  ["h2c with a version", "h2c/1", "upgrade", ""],
  ["a draft of h2c", "h2c-14", "upgrade", ""],
  ["h2", "h2", "upgrade", ""],
  ["h3", "h3-29", "upgrade", ""],
  ["HTTP", "HTTP/2.0", "upgrade", ""],
  ["TLS", "TLS/1.0", "upgrade", ""],
  ["h2c between others", "websocket, h2c, IRC/6.9", "upgrade", "websocket, IRC/6.9"],
  ["a name that only begins like ours", "h2cx, tlsx, httpx", "upgrade", "h2cx, tlsx, httpx"],
  ["no token", "web socket", "upgrade", ""],
  ["no token in the version", "a/b c, ok", "upgrade", "ok"],
  ["an empty version", "a/, ok", "upgrade", "ok"],
  ["empty elements", ", ,websocket,", "upgrade", "websocket"],
];

for (const [title, upgrade, connection, wanted] of CASES) {
  Deno.test(`wantedProtocols(): ${title}`, () => assert.equal(wantedProtocols(upgrade, connection), wanted));
}
