/**
 * The origin, a process of its own: it works on a few requests at one time and lets the others wait in a line without end,
 * as many servers do. It does the work for clients that have given up too.
 *
 * Arguments: port, places, milliseconds of work.
 *
 * @module
 */

const [port, places, work] = Deno.args.map(Number);
const line: (() => void)[] = [];
let busy = 0;

async function serve(): Promise<Response> {
  if (busy < places!) busy++;
  else await new Promise<void>((resolve) => line.push(resolve));
  await new Promise((resolve) => setTimeout(resolve, work));
  const next = line.shift();
  if (next === undefined) busy--;
  else next();
  return new Response("done");
}

Deno.serve({ hostname: "127.0.0.1", port: port!, onListen: () => {} }, serve);
