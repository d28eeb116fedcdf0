/** Requests that do not wait for answers. @module */

import { anySize, download, sendAll, takeAnswer, upload } from "../asked.ts";
import type { Behaviour } from "../behaviour.ts";
import { ClientConnection, Cut } from "../connection.ts";

/** Several requests at once, whose answers come in order; now and then the client leaves between them. */
export const pipeline: Behaviour = {
  id: "pipeline",
  weight: 14,
  async run(world, random) {
    using connection = await ClientConnection.open(world.port);
    const asked = random.times(2, 8, () => {
      const size = anySize(random, 100_000);
      return random.oneIn(3) ? upload(world, random, size, 65_536) : download(world, random, size);
    });
    const since = Date.now(), answers = random.oneIn(8) ? random.below(asked.length) : asked.length;
    const sending = (async () => {
      for (const one of asked) await sendAll(connection, one);
    })().catch((error) => {
      if (!(error instanceof Cut)) throw error;
    });
    for (const [at, one] of asked.slice(0, answers).entries()) {
      try {
        if (!await takeAnswer(world, connection, one, since)) break;
      } catch (error) {
        if (!(error instanceof Cut)) throw error;
        throw new Cut(`${error.message} before answer ${at}, soak-${one.id}`);
      }
    }
    if (answers === asked.length) await sending;
  },
};
