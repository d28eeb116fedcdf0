/** Whether the plan's listeners will be able to listen. @module */

import type { Plan } from "../compile/plan.ts";
import { claimSocketFile } from "../runtime/unix_socket_file.ts";
import { addressText } from "./address_text.ts";
import { reason, StartError } from "./start_failure.ts";

/**
 * Tries each listener once, before anything is started: the runtime's own error would not say which port it was. A
 * socket file that nobody listens on any more is removed.
 * @throws StartError for the first that cannot listen
 */
export async function checkPorts({ listeners, admin }: Pick<Plan, "listeners" | "admin">): Promise<void> {
  for (const [i, { address }] of listeners.entries()) {
    if (address.kind === "unix") await tryPath(address.path);
    else tryPort(address, listeners.length > 1 ? `listen[${i}]` : "listen");
  }
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

/** Nobody removes the socket file of a process that was killed: it stands in the way of the next. */
async function tryPath(path: string): Promise<void> {
  try {
    await claimSocketFile(path);
  } catch (error) {
    throw new StartError(`cannot listen on ${path}: ${reason(error)}`, { cause: error });
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
