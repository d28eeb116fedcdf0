/** `schema`: what editors check YAML and JSON configs with. @module */

import { jsonSchema } from "../../config/json_schema.ts";
import type { Command } from "../command.ts";

/** Prints the JSON Schema. */
export const schema: Command = {
  name: "schema",
  summary: "prints the JSON Schema of YAML and JSON configs",
  details: [
    "Save it beside the config, and name it in the config's first line:",
    "  # yaml-language-server: $schema=./gateway.schema.json",
  ],
  options: {},
  run(_given, terminal) {
    terminal.out(JSON.stringify(jsonSchema(), null, 2) + "\n");
    return 0;
  },
};
