/** Clients that leave in the middle. @module */

import { download, upload } from "../asked.ts";
import type { Behaviour } from "../behaviour.ts";
import { ClientConnection } from "../connection.ts";

const LARGE = 3 * 1024 * 1024;

/** Leaves in a head. */
export const abortInHead: Behaviour = {
  id: "abort in head",
  weight: 6,
  async run(world, random) {
    using connection = await ClientConnection.open(world.port);
    const { head } = download(world, random, 100);
    await connection.send(head.slice(0, random.below(head.length)));
    if (random.oneIn(2)) await rest(random.below(30));
  },
};

/** Leaves in a body that it sends. */
export const abortInBody: Behaviour = {
  id: "abort in body",
  weight: 6,
  async run(world, random) {
    using connection = await ClientConnection.open(world.port);
    const { head, pieces } = upload(world, random, 1 + random.below(LARGE), 16_384);
    await connection.send(head);
    for (const piece of pieces.slice(0, random.below(pieces.length))) await connection.send(piece);
    if (random.oneIn(2)) await rest(random.below(30));
  },
};

/** Leaves when its request is out, or in the answer. */
export const abortInAnswer: Behaviour = {
  id: "abort in answer",
  weight: 8,
  async run(world, random) {
    using connection = await ClientConnection.open(world.port);
    await connection.send(download(world, random, 1 + random.below(LARGE)).head);
    if (random.oneIn(3)) return;
    if ((await connection.head()).status !== 200) return;
    if (random.oneIn(2)) await connection.take(random.below(3));
    if (random.oneIn(2)) await rest(random.below(30));
  },
};

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
