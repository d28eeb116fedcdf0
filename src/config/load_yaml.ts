/** Configs in YAML and JSON. @module */

import { dirname, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { readConfigFile } from "./config_file.ts";
import { type Finding, type Locate, toIssue } from "./finding.ts";
import type { LoadedConfig, LoadFailure } from "./load_config.ts";
import { loadUserModule, type ModuleWorld } from "./load_user_module.ts";
import { PolicyNames } from "./policy_names.ts";
import { entriesOf, settingsOf } from "./read_part.ts";
import { seenText } from "./seen.ts";
import { namedStores } from "./store_names.ts";
import { UNREADABLE } from "./unreadable.ts";
import type { YamlDocument } from "./yaml_document.ts";
// The parser is large, and most configs are modules: it is loaded where one is none.
import defer * as yaml from "./yaml_document.ts";

/** Parses a config, reads the files that it includes and puts policies and stores in place of their names. */
export async function loadYaml(
  file: string,
  text: string,
  world: ModuleWorld,
): Promise<LoadedConfig | LoadFailure> {
  const files = [resolve(file)], document = yaml.parseYaml(text, file);
  const fail = (findings: readonly Finding[]): LoadFailure => ({
    issues: findings.map((finding) => toIssue(finding, () => ({ file }))),
    causes: [],
    files,
  });
  if (!("value" in document)) return fail(document);
  if (document.value === null) return fail([{ at: [], message: "this file is empty", remedy: "routes: [ … ]" }]);
  if (typeof document.value !== "object" || Array.isArray(document.value)) {
    return { value: document.value, found: [], locate: document.locate, causes: [], files };
  }
  const { $schema: _, ...config } = document.value as Record<string, unknown>;
  const loader = new Loader(dirname(resolve(file)), files, world);
  await loader.plugins(config.plugins);
  const include = await loader.include(config.include);
  const value = {
    ...config,
    ...(config.policies === undefined ? {} : { policies: loader.policies(config.policies, ["policies"]) }),
    ...(config.routes === undefined ? {} : { routes: loader.routes(config.routes, ["routes"]) }),
    ...(config.consumers === undefined ? {} : { consumers: loader.consumers(config.consumers) }),
    ...(config.stores === undefined ? {} : { stores: namedStores(config.stores, loader.found) }),
    ...(config.include === undefined ? {} : { include }),
  };
  return { value, found: loader.found, locate: loader.locate(document), causes: loader.causes, files };
}

/** What one config's files are put together with. */
class Loader {
  readonly found: Finding[] = [];
  readonly causes: unknown[] = [];
  readonly #names = new PolicyNames();
  readonly #included = new Map<number, YamlDocument>();

  constructor(
    readonly folder: string,
    readonly files: string[],
    readonly world: ModuleWorld,
  ) {}

  async plugins(list: unknown): Promise<void> {
    const places = new Map<string, number>();
    for (const [i, module] of entriesOf(list).entries()) {
      if (typeof module !== "string") continue; // The schema says so.
      const at = ["plugins", i], path = resolve(this.folder, module), first = places.get(path);
      if (first !== undefined) {
        this.found.push({ at, message: `this is plugins[${first}] again`, remedy: "each plugin once" });
        continue;
      }
      places.set(path, i);
      // More than a letter: that is a drive of Windows.
      if (/^[a-z][a-z0-9+.-]+:/i.test(module)) {
        const remedy = `the path of a module of yours that has export * from ${JSON.stringify(module)} in it`;
        this.#failed({ at, message: "plugins are files", seen: seenText(module), remedy });
        continue;
      }
      this.files.push(path);
      await this.#plugin(path, module, at);
    }
  }

  async #plugin(path: string, module: string, at: Finding["at"]): Promise<void> {
    const url = pathToFileURL(path).href, loaded = await loadUserModule(url, "plugin", this.world);
    if ("exports" in loaded) return void this.found.push(...this.#names.add(loaded.exports, module, at));
    const [error] = loaded.causes;
    this.causes.push(...loaded.causes);
    if (error instanceof TypeError && error.message.startsWith(`Module not found "${url}"`)) {
      const remedy = "the path of a module, from this file's folder";
      return this.#failed({ at, message: `there is no file ${this.world.display(path)}`, remedy });
    }
    this.#failed(...loaded.findings.map((finding) => ({ at, ...finding })));
  }

  #failed(...findings: Finding[]): void {
    this.#names.complete = false;
    this.found.push(...findings);
  }

  async include(list: unknown): Promise<unknown> {
    if (!Array.isArray(list)) return list;
    const sets: unknown[] = [];
    for (const [i, name] of list.entries()) sets.push(await this.#routeSet(name, i));
    return sets;
  }

  async #routeSet(name: unknown, i: number): Promise<unknown> {
    const at = ["include", i],
      fail = (...findings: Finding[]) => {
        this.found.push(...findings);
        return UNREADABLE;
      };
    if (typeof name !== "string") return fail({ at, message: "expected the name of a file", seen: seenText(name) });
    if (!/^\.(?:ya?ml|json)$/.test(extname(name))) {
      return fail({
        at,
        message: "only YAML and JSON can be included here",
        seen: seenText(name),
        remedy: "a file of routes",
      });
    }
    const path = resolve(this.folder, name), file = this.world.display(path);
    this.files.push(path);
    const text = await readConfigFile(file);
    if (typeof text !== "string") return fail({ at, ...text });
    const document = yaml.parseYaml(text, file);
    if (!("value" in document)) return fail(...document.map((finding) => ({ ...finding, at })));
    this.#included.set(i, document);
    if (Array.isArray(document.value)) return { routes: this.routes(document.value, [...at, "routes"]) };
    const { routes, ...rest } = settingsOf(document.value);
    if (routes !== undefined) return { ...rest, routes: this.routes(routes, [...at, "routes"]) };
    return fail({
      at: [...at, "routes"],
      message: "this file has no routes",
      seen: seenText(document.value),
      remedy: "a list of routes, or { routes: [ … ] }",
    });
  }

  routes(list: unknown, at: Finding["at"]): unknown {
    if (!Array.isArray(list)) return list;
    return list.map((route, i) => {
      const { policies } = settingsOf(route);
      return policies === undefined ? route : { ...route, policies: this.policies(policies, [...at, i, "policies"]) };
    });
  }

  consumers(written: unknown): unknown {
    const entries = Object.entries(settingsOf(written));
    if (entries.length === 0) return written;
    return Object.fromEntries(entries.map(([name, entry]) => {
      const { policies } = settingsOf(entry);
      if (policies === undefined) return [name, entry];
      const at = ["consumers", name, "policies"];
      return [name, { ...settingsOf(entry), policies: this.policies(policies, at) }];
    }));
  }

  policies(list: unknown, at: Finding["at"]): unknown {
    return this.#names.resolve(list, at, this.found);
  }

  /** Places in the included files, for what stands inside them; all else is in the config itself. */
  locate(main: YamlDocument): Locate {
    return (at, on) => {
      const document = at[0] === "include" && at.length > 2 ? this.#included.get(Number(at[1])) : undefined;
      if (document === undefined) return main.locate(at, on);
      return document.locate(at.slice(Array.isArray(document.value) ? 3 : 2), on);
    };
  }
}
