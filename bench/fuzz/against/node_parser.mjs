/**
 * Run by Node: reads answers with Node's own parser (llhttp) and says what it makes of them.
 *
 * A line of standard input is a JSON list of `[text, method]`, one character a byte; the line of standard output that
 * answers it is the list of what was read: `{ status, fields, body, trailers }`, or `{ error }` where it was refused.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import process from "node:process";
import { createInterface } from "node:readline";
import { HTTPParser } from "_http_common";

/** Far above what is generated: limits are compared elsewhere. */
const MAX_HEAD_BYTES = 1 << 20;
/** What `onHeadersComplete` answers to have a body left out. */
const NO_BODY = 1;

function read(text, method) {
  const parser = new HTTPParser();
  parser.initialize(HTTPParser.RESPONSE, {}, MAX_HEAD_BYTES);
  let answer = null, done = null;
  let overflow = [];
  // Lines beyond the first 32 come by themselves, before the head is complete or behind the body.
  parser[HTTPParser.kOnHeaders] = (lines) => answer === null ? overflow.push(...lines) : answer.trailers.push(...lines);
  parser[HTTPParser.kOnHeadersComplete] = (_major, _minor, lines, _method, _url, status) => {
    answer = { status, fields: [...overflow, ...(lines ?? [])], body: "", trailers: [] };
    overflow = [];
    return method === "HEAD" ? NO_BODY : 0;
  };
  parser[HTTPParser.kOnBody] = (bytes) => {
    answer.body += bytes.toString("latin1");
  };
  parser[HTTPParser.kOnMessageComplete] = () => {
    // What comes before the answer proper is skipped, as Node's client does.
    if (answer.status >= 200 || answer.status === 101) done ??= answer;
    answer = null;
  };
  const result = parser.execute(Buffer.from(text, "latin1"));
  if (done !== null) return done;
  const ended = result instanceof Error ? result : parser.finish();
  return done ?? { error: ended instanceof Error ? `${ended.code}: ${ended.reason}` : "incomplete" };
}

for await (const line of createInterface({ input: process.stdin })) {
  const answers = JSON.parse(line).map(([text, method]) => read(text, method));
  process.stdout.write(JSON.stringify(answers) + "\n");
}
