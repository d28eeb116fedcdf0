/**
 * The origin behind every proxy: nginx answering from memory, with one location for each scenario.
 *
 * @module
 */
import type { Scenario } from "./scenario.ts";
import { nginxMain, nginxTempPaths } from "./peers/nginx.ts";
import type { Launch } from "./peer.ts";

/** The path under which the origin says what request it saw: one `name: value` line each. */
export const SEEN_PATH = "/bench/seen";

/** What the origin reports under {@link SEEN_PATH}, besides the fields of the scenarios. */
const REPORTED = [
  "host",
  "connection",
  "keep-alive",
  "proxy-connection",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-request-id",
];

/** The name under which the origin reports how many requests the connection has carried, this one included. */
export const CONNECTION_REQUESTS = "(requests on this connection)";

/** Writes the origin's config for `scenarios` into `dir` and returns the program to start. */
export async function prepareOrigin(dir: string, port: number, scenarios: readonly Scenario[]): Promise<Launch> {
  const file = `${dir}/nginx.conf`;
  await Deno.writeTextFile(file, config(dir, port, scenarios));
  return { command: "nginx", args: ["-p", dir, "-e", "stderr", "-c", file] };
}

function config(dir: string, port: number, scenarios: readonly Scenario[]): string {
  const names = new Set(REPORTED);
  for (const { requestHeaders } of scenarios) for (const [name] of requestHeaders) names.add(name.toLowerCase());
  const lines = [...names].map((name) => `${name}: $http_${name.replaceAll("-", "_")}`);
  const locations = scenarios.map(({ path, origin }) =>
    `location = ${path} {\n      ${origin.join("\n      ")}\n    }`
  );
  return `${nginxMain(dir)}
http {
  ${nginxTempPaths(dir)}
  access_log off;
  keepalive_requests 1000000000;
  # Longer than a proxy is suspended between rounds: no round begins with dead connections.
  keepalive_timeout 1h;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    ${locations.join("\n    ")}
    location = ${SEEN_PATH} {
      default_type text/plain;
      return 200 '${lines.join("\\n")}\\n${CONNECTION_REQUESTS}: $connection_requests\\n';
    }
    location / { return 404; }
  }
}
`;
}
