/** The public API as text: what a module exports, and every shape of the project that is reached through it. @module */

import { type Declaration, type Declarations, declarationsOf } from "./declarations.ts";

/** The public API of a module. */
export interface PublicApi {
  /** Each declaration, sorted by name. */
  readonly text: string;
  /** Names that are exported without a word on what they are for. */
  readonly undocumented: readonly string[];
}

/** A declaration and the module it stands in. */
interface Found {
  readonly name: string;
  readonly declaration: Declaration;
  readonly module: URL;
}

/**
 * Reads a module and whatever it leads to by relative imports.
 *
 * @throws Error when an exported name leads nowhere
 */
export async function publicApi(entry: URL): Promise<PublicApi> {
  const modules = new Map<string, Declarations>();
  const shown = new Map<string, Found>(), reached = new Map<string, Found>();
  const read = async (module: URL) => {
    const known = modules.get(module.href) ?? declarationsOf(await Deno.readTextFile(module));
    modules.set(module.href, known);
    return known;
  };

  /** Follows a name to its declaration; `null` for one of the platform or of a package. */
  const find = async (module: URL, name: string): Promise<Found | null> => {
    const { declared, imported } = await read(module);
    const declaration = declared.get(name);
    if (declaration !== undefined) return { name, declaration, module };
    const elsewhere = imported.get(name);
    if (elsewhere === undefined || !elsewhere.specifier.startsWith(".")) return null;
    return await findExport(new URL(elsewhere.specifier, module), elsewhere.name);
  };
  const findExport = async (module: URL, name: string): Promise<Found | null> => {
    const { exported, exportedWhole } = await read(module);
    const target = exported.get(name);
    if (typeof target === "string") return await find(module, target);
    if (target !== undefined) return await findExport(new URL(target.specifier, module), target.name);
    for (const specifier of exportedWhole) {
      const found = await findExport(new URL(specifier, module), name);
      if (found !== null) return found;
    }
    return null;
  };
  const exportsOf = async (module: URL): Promise<string[]> => {
    const { exported, exportedWhole } = await read(module);
    const more = await Promise.all(exportedWhole.map((specifier) => exportsOf(new URL(specifier, module))));
    return [...exported.keys(), ...more.flat()];
  };
  const reach = async ({ declaration, module }: Found) => {
    for (const name of declaration.references) {
      const found = await find(module, name);
      if (found === null) continue;
      const key = `${found.module} ${found.name}`;
      if (reached.has(key)) continue;
      reached.set(key, found);
      await reach(found);
    }
  };

  for (const name of await exportsOf(entry)) {
    const found = await findExport(entry, name);
    if (found === null) throw new Error(`${entry}: "${name}" is exported but leads nowhere`);
    shown.set(name, found);
  }
  for (const found of shown.values()) await reach(found);

  const exported = [...shown].sort(([a], [b]) => a < b ? -1 : 1);
  const own = new Set(exported.map(([, { declaration }]) => declaration));
  const others = [...reached.values()].filter(({ declaration }) => !own.has(declaration) && !declaration.computes)
    .sort((a, b) => a.name < b.name ? -1 : 1);
  const blocks = [
    ...exported.flatMap(([name, found]) => [
      ...(name === found.name ? [] : [`// exported as ${name}:`]),
      ...found.declaration.parts,
    ]),
    "// Not exported, but reached through the above (without types that only compute others):",
    ...others.flatMap(({ declaration }) => declaration.parts),
  ];
  return {
    text: blocks.join("\n\n") + "\n",
    undocumented: exported.filter(([, { declaration }]) => !declaration.documented).map(([name]) => name),
  };
}
