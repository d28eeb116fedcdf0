/** Requests one after another. @module */

import { anySize, download, exchange, upload } from "../asked.ts";
import type { Behaviour } from "../behaviour.ts";
import { ClientConnection } from "../connection.ts";

/** Bytes of the largest body. */
const LARGEST = 2 * 1024 * 1024;

/** A good client. */
export const keepAlive: Behaviour = {
  id: "keep-alive",
  weight: 50,
  async run(world, random) {
    using connection = await ClientConnection.open(world.port);
    for (let left = 1 + random.below(20); left > 0; left--) {
      const size = anySize(random, LARGEST);
      const asked = random.oneIn(2)
        ? download(world, random, size)
        : upload(world, random, size, 1 + random.below(random.oneIn(4) ? 5000 : 65_536) + size / 100);
      if (!await exchange(world, connection, asked)) return;
    }
  },
};
