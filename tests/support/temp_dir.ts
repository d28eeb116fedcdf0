/** A folder of a test's own. @module */

/** A folder that is gone with the block: `await using dir = await TempDir.make()`. */
export class TempDir implements AsyncDisposable {
  /** Its absolute path. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes one with these files in it: path inside the folder → text. */
  static async make(files: Readonly<Record<string, string>> = {}): Promise<TempDir> {
    const directory = new TempDir(await Deno.makeTempDir({ prefix: "gatewright_" }));
    for (const [name, text] of Object.entries(files)) await directory.write(name, text);
    return directory;
  }

  /** The path of something inside. */
  join(name: string): string {
    return `${this.path}/${name}`;
  }

  /** Writes a file, its folders included, and gives its path. */
  async write(name: string, text: string): Promise<string> {
    const path = this.join(name);
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}
