/** Whether the plan's listeners will be able to listen. @module */

import type { Plan } from "../compile/plan.ts";
import { addressText } from "./address_text.ts";
import { reason, StartError } from "./start_failure.ts";

/**
 * Tries each listener once, before anything is started: the runtime's own error would not say which port it was.
 * @throws StartError for the first that cannot listen
 */
export function checkPorts({ listeners, admin }: Pick<Plan, "listeners" | "admin">): void {
  listeners.forEach(({ address }, i) => {
    if (address.kind === "tcp") tryPort(address, listeners.length > 1 ? `listen[${i}]` : "listen");
  });
  if (admin !== null) tryPort(admin, "admin");
}

function tryPort({ hostname, port }: { readonly hostname: string; readonly port: number }, setting: string): void {
  try {
    Deno.listen({ hostname, port }).close();
  } catch (error) {
    throw new StartError(`cannot listen on ${addressText({ hostname, port })}: ${remedy(error, port, setting)}`, {
      cause: error,
    });
  }
}

function remedy(error: unknown, port: number, setting: string): string {
  if (error instanceof Deno.errors.AddrInUse) {
    return `port ${port} is in use; stop what listens there, or set ${setting}.port to another`;
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return `this machine has no such address; set ${setting}.hostname to one that it has`;
  }
  if (error instanceof Deno.errors.PermissionDenied && port < 1024) {
    return `ports below 1024 need a privilege; set ${setting}.port to 1024 or above, or give deno CAP_NET_BIND_SERVICE`;
  }
  return reason(error);
}
