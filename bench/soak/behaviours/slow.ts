/** Clients on slow lines. @module */

import { download, exchange, upload } from "../asked.ts";
import type { Behaviour } from "../behaviour.ts";
import { ClientConnection } from "../connection.ts";

/** Reads an answer that fits no buffer of the system, a little at a time. */
export const slowReader: Behaviour = {
  id: "slow reader",
  weight: 1,
  async run(world, random) {
    using connection = await ClientConnection.open(world.port);
    connection.readPause = 5 + random.below(20);
    connection.readBytes = 32 * 1024;
    await exchange(world, connection, download(world, random, 1_000_000 + random.below(6_000_000)));
  },
};

/** Sends a body a little at a time. */
export const slowWriter: Behaviour = {
  id: "slow writer",
  weight: 2,
  async run(world, random) {
    using connection = await ClientConnection.open(world.port);
    const asked = upload(world, random, 10_000 + random.below(90_000), 1000 + random.below(4000));
    await exchange(world, connection, asked, 1 + random.below(30));
  },
};
