/**
 * Checks before anything is measured that a proxy does the work which is to be compared.
 *
 * @module
 */
import { Agent } from "node:http";
import { type Answer, httpCall } from "./http_call.ts";
import { CONNECTION_REQUESTS, SEEN_PATH } from "./origin.ts";
import type { Scenario } from "./scenario.ts";

/** Fields of this hop alone. TE is not among them: a proxy may say `TE: trailers` for its own hop, and Caddy does. */
const HOP_BY_HOP = [
  ["Connection", "keep-alive"],
  ["Keep-Alive", "timeout=5"],
  ["Proxy-Connection", "keep-alive"],
] as const;

/** Fields of the origin's answer that a proxy writes itself. */
const REWRITTEN = new Set(["connection", "date", "server"]);

/** How many requests the check for a kept connection sends. */
const TRIES = 3;

/**
 * Checks one proxy in one scenario: the answer is the origin's, all end-to-end fields pass both ways, hop-by-hop fields
 * do not, the four added fields are there, and connections to the origin are used again.
 *
 * @throws {Error} listing everything that is wrong
 */
export async function checkProxy(name: string, port: number, originPort: number, scenario: Scenario): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const faults: string[] = [];
  try {
    const sent = [["Host", `127.0.0.1:${port}`], ...scenario.requestHeaders, ...HOP_BY_HOP] as const;
    const direct = await httpCall(agent, originPort, scenario.path, sent);
    const proxied = await httpCall(agent, port, scenario.path, sent);
    checkShape(scenario, direct);
    faults.push(...answerFaults(direct, proxied));
    let seen = new Map<string, string>();
    for (let i = 0; i < TRIES; i++) seen = parseSeen(await httpCall(agent, port, SEEN_PATH, sent));
    faults.push(...requestFaults(scenario, seen, `127.0.0.1:${port}`));
    if (Number(seen.get(CONNECTION_REQUESTS)) < 2) faults.push("connections to the origin are not kept open");
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : error}`);
  } finally {
    agent.destroy();
  }
  if (faults.length > 0) {
    throw new Error(`${name}: it does not do the work:\n  - ${faults.join("\n  - ")}`);
  }
}

/** The shape itself: is the origin's answer what the scenario's title promises? */
function checkShape({ answer }: Scenario, direct: Answer): void {
  if (direct.status !== 200 || direct.headers.length !== answer.headers || direct.body.length !== answer.bodyBytes) {
    throw new Error(
      `the origin answers ${direct.status} with ${direct.headers.length} headers and ${direct.body.length} bytes, ` +
        `the scenario says 200 with ${answer.headers} and ${answer.bodyBytes}`,
    );
  }
}

function answerFaults(direct: Answer, proxied: Answer): string[] {
  const faults: string[] = [];
  if (proxied.status !== direct.status) faults.push(`status ${proxied.status} instead of ${direct.status}`);
  if (proxied.body !== direct.body) faults.push(`body ${JSON.stringify(proxied.body.slice(0, 200))}, not the origin's`);
  const received = new Map(proxied.headers.map(([field, value]) => [field.toLowerCase(), value]));
  for (const [field, value] of direct.headers) {
    const name = field.toLowerCase();
    if (REWRITTEN.has(name) || received.get(name) === value) continue;
    faults.push(`response ${field} is ${JSON.stringify(received.get(name))} instead of ${JSON.stringify(value)}`);
  }
  return faults;
}

function requestFaults(scenario: Scenario, seen: ReadonlyMap<string, string>, host: string): string[] {
  const faults: string[] = [];
  const expected = [...scenario.requestHeaders, ["X-Forwarded-Host", host], ["X-Forwarded-Proto", "http"]] as const;
  for (const [field, value] of expected) {
    const arrived = seen.get(field.toLowerCase());
    if (arrived !== value) {
      faults.push(`the origin sees ${field} ${JSON.stringify(arrived)}, not ${JSON.stringify(value)}`);
    }
  }
  if (seen.get("x-forwarded-for") !== "127.0.0.1") {
    faults.push(`the origin sees X-Forwarded-For ${JSON.stringify(seen.get("x-forwarded-for"))}, not "127.0.0.1"`);
  }
  if (!seen.get("x-request-id")) faults.push("the origin sees no X-Request-Id");
  for (const [field] of HOP_BY_HOP) {
    const arrived = seen.get(field.toLowerCase());
    // A proxy may say keep-alive for its own hop.
    if (arrived && field !== "Connection") faults.push(`hop-by-hop ${field}: ${arrived} reaches the origin`);
  }
  if (/close/i.test(seen.get("connection") ?? "")) faults.push("the proxy asks the origin to close the connection");
  return faults;
}

function parseSeen(answer: Answer): Map<string, string> {
  if (answer.status !== 200) throw new Error(`GET ${SEEN_PATH} gives ${answer.status} instead of 200`);
  return new Map(
    answer.body.split("\n").filter((line) => line !== "").map((line) => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
}
