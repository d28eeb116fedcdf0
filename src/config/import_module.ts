/** How modules are loaded. @module */

/** Loads a module by its `file:` URL. A reload puts its own in place of the plain `import()`, which loads a module once. */
export type ImportModule = (url: string) => Promise<Readonly<Record<string, unknown>>>;

/** The plain `import()`. */
export const importModule: ImportModule = (url) => import(url);
