/** Server-sent events, which end only when the client leaves. @module */

import type { Behaviour } from "../behaviour.ts";
import { ClientConnection } from "../connection.ts";

/** Takes some events and leaves. */
export const events: Behaviour = {
  id: "events",
  weight: 4,
  async run(world, random) {
    using connection = await ClientConnection.open(world.port);
    const id = world.nextId(), since = Date.now();
    await connection.send(`GET /events?id=${id} HTTP/1.1\r\nHost: soak.example\r\n\r\n`);
    const head = await connection.head(), { status } = head, { tally } = world;
    tally.answered(status);
    if (status !== 200) {
      await connection.body(head);
      if (!tally.wasAway(since, Date.now())) tally.fault(`${status} for events, and the origin was there`);
      return;
    }
    const wanted = 1 + random.below(60);
    let text = "";
    for (let next = 0; next < wanted;) {
      text += new TextDecoder().decode(await connection.chunk());
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const event = text.slice(0, end), expected = `data: ${id} ${next++}`;
        if (event !== expected) tally.fault(`the event ${JSON.stringify(event)} in place of ${expected}`);
        text = text.slice(end + 2);
      }
    }
  },
};
