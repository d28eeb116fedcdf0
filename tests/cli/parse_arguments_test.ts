import { strict as assert } from "node:assert";
import type { Command } from "../../src/cli/command.ts";
import { parseArguments, UsageError } from "../../src/cli/parse_arguments.ts";

const COMMAND: Command = {
  name: "serve",
  argument: "config",
  summary: "",
  details: [],
  options: { to: { value: "URL", help: "" }, debug: { help: "" } },
  run: () => 0,
};
const BARE: Command = { ...COMMAND, argument: undefined, options: {} };

Deno.test("parseArguments() reads argument, values and switches in any order", () => {
  for (const args of [["a.ts", "--to", "http://a", "--debug"], ["--debug", "--to=http://a", "a.ts"]]) {
    const given = parseArguments(COMMAND, args);
    assert.deepEqual([given.argument, given.value("to"), given.has("debug")], ["a.ts", "http://a", true]);
  }
  const none = parseArguments(COMMAND, []);
  assert.deepEqual([none.argument, none.value("to"), none.has("debug")], [undefined, undefined, false]);
});

Deno.test("parseArguments() says what it does not understand", () => {
  for (
    const [command, args, message] of [
      [COMMAND, ["--debgu"], "serve has no option --debgu; did you mean --debug?"],
      [COMMAND, ["-x"], "serve has no option -x"],
      [COMMAND, ["--constructor"], "serve has no option --constructor"],
      [COMMAND, ["--to"], "--to needs a value: --to URL"],
      [COMMAND, ["--to="], "--to needs a value: --to URL"],
      [COMMAND, ["--debug=yes"], '--debug takes no value, but got "yes"'],
      [COMMAND, ["a", "b"], 'serve takes one config, but got "b" too'],
      [BARE, ["a"], 'serve takes no argument, but got "a"'],
    ] as const
  ) assert.throws(() => parseArguments(command, args), new UsageError(message));
});
