/** Whether the runtime makes traces of its own. @module */

/** Set by `OTEL_DENO=true` where the process starts: `Deno.serve` and `fetch` then have spans, and `fetch` sends their ids. */
export function runtimeTraces(): boolean {
  if (Deno.permissions.querySync({ name: "env", variable: "OTEL_DENO" }).state !== "granted") return false;
  const value = Deno.env.get("OTEL_DENO");
  return value === "true" || value === "1";
}
