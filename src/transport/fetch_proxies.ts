/** Keeps the runtime's client from going through proxies that the environment names. @module */

const VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase()]);

/**
 * Calls `create` while the environment names no proxies: the runtime reads them when a client is made, and offers no other
 * way to do without. A gateway that sent its upstream's requests through the proxy of its own outgoing traffic would be
 * wrong; and `NO_PROXY` would lead past the address that a client was made for.
 *
 * @throws Deno.errors.NotCapable without the permission to read these variables, and to write those that are set
 */
export function withoutProxies<T>(create: () => T): T {
  const found = VARIABLES.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  try {
    for (const [name] of found) Deno.env.delete(name);
    return create();
  } finally {
    for (const [name, value] of found) Deno.env.set(name, value);
  }
}
