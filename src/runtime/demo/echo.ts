/** The demo endpoint that answers with what it received. @module */

import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage } from "node:http";
import type { DemoEnv, DemoServer } from "./demo_server.ts";

/** Longest body that is sent back as text, in bytes; of a longer one only the size is told. */
const TEXT_BYTES = 4096;

/**
 * Starts it. On `node:http`, which keeps the fields as they came: order, case and duplicates are what people look for here.
 *
 * @throws Error with `code` `"EADDRINUSE"` when the port is taken
 */
export async function startEcho(port: number, { log }: DemoEnv): Promise<DemoServer> {
  const server = createServer((request, response) => {
    received(request).then((body) => {
      const text = echo(request, body);
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
      response.end(text);
    }, () => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.on("error", (error) => log.error("a demo endpoint failed", { demo: "echo", port, error }));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface ReceivedBody {
  readonly bytes: number;
  /** Absent when it is long, or not UTF-8. */
  readonly text?: string;
}

async function received(request: IncomingMessage): Promise<ReceivedBody> {
  const start: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= TEXT_BYTES) start.push(chunk);
  }
  if (bytes > TEXT_BYTES) return { bytes };
  try {
    return { bytes, text: new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(start)) };
  } catch {
    return { bytes };
  }
}

/** JSON that reads well in a terminal: one field a line. */
function echo(request: IncomingMessage, body: ReceivedBody): string {
  const target = request.url ?? "/", at = target.indexOf("?");
  const raw = request.rawHeaders, fields: string[] = [];
  for (let i = 0; i < raw.length; i += 2) fields.push(`    [${JSON.stringify(raw[i])}, ${JSON.stringify(raw[i + 1])}]`);
  return `{
  "demo": "echo",
  "port": ${request.socket.localPort},
  "method": ${JSON.stringify(request.method)},
  "path": ${JSON.stringify(at < 0 ? target : target.slice(0, at))},
  "query": ${JSON.stringify(at < 0 ? "" : target.slice(at))},
  "headers": [
${fields.join(",\n")}
  ],
  "body": ${JSON.stringify(body)}
}
`;
}
