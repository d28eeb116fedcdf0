/**
 * Run by Node: a plain HTTP server, strict as it comes, that answers each request with how it read it.
 *
 * The first argument is the port on 127.0.0.1.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createServer } from "node:http";
import process from "node:process";

let count = 0;

const server = createServer({ insecureHTTPParser: false, maxHeaderSize: 1 << 20 }, (request, response) => {
  const number = count++, pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  // A body that breaks off is followed by the parser's own answer.
  request.on("error", () => {});
  request.on("end", () => {
    const { method, url: target } = request;
    const [fields, trailers] = [request.rawHeaders, request.rawTrailers].map(inLowerCase);
    const body = Buffer.concat(pieces).toString("latin1");
    response.setHeader(
      "x-reading",
      encodeURIComponent(JSON.stringify({ number, method, target, fields, body, trailers })),
    );
    response.setHeader("content-length", "0");
    response.end();
  });
});
function inLowerCase(fields) {
  return fields.map((part, at) => at % 2 === 0 ? part.toLowerCase() : part);
}

server.on("clientError", (error, socket) => {
  // Bytes behind a request that was to be the last take nothing away from it.
  if (error.code === "HPE_CLOSED_CONNECTION") return;
  // Whole requests before the broken one are answered first.
  setImmediate(() => {
    if (!socket.writable) return;
    const code = (error.reason ?? error.code ?? "error").toLowerCase().replaceAll(/[^a-z]+/g, "_");
    socket.end(`HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n{"code":"${code}"}`);
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1");
