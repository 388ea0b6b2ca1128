import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createServer, createServerModuleRunner, type DevEnvironment, type Plugin, type ViteDevServer } from "vite";
import type { Edit } from "./defect.js";

/** Path of the project, with a slash at its end. */
export const projectRoot = fileURLToPath(new URL("../../../", import.meta.url));

/** Modules of the project as they are with one set of edits; shares none with any other graph. */
export interface ModuleGraph extends AsyncDisposable {
  /** By the path from the root of the project, or by the name of a package that is loaded anew in each graph. */
  import<Module>(path: string): Promise<Module>;
  /** Whether every edited source was loaded. */
  readonly isEdited: boolean;
}

const innerVitest = `${projectRoot}test/exploration/defects/inner-vitest.ts`;

/** The sources of the project with defects in them, loaded into this process. */
export class PatchedSources implements AsyncDisposable {
  readonly #server: ViteDevServer;
  readonly #patch: Patch;

  private constructor(server: ViteDevServer, patch: Patch) {
    this.#server = server;
    this.#patch = patch;
  }

  static async open(): Promise<PatchedSources> {
    const patch = new Patch();
    const server = await createServer({
      configFile: false,
      root: projectRoot,
      appType: "custom",
      logLevel: "error",
      // Node 20 knows no `using`.
      oxc: { target: "node20" },
      optimizeDeps: { noDiscovery: true, include: [] },
      server: { middlewareMode: true, ws: false, watch: null },
      ssr: { noExternal: ["vitest", "@vitest/runner"] },
      plugins: [patch.plugin, innerVitestPlugin, noSourceMaps],
    });
    return new PatchedSources(server, patch);
  }

  /** One graph at a time is loaded; those that are loaded already do not mind. Throws where an edit does not fit its source. */
  async graph(edits: readonly Edit[]): Promise<ModuleGraph> {
    const environment = this.#server.environments.ssr;
    this.#patch.apply(edits, environment);
    // Shared by all copies of the library in a process; the next one is to bring its own.
    for (const shared of ["exit-watch", "guardian.1"])
      Reflect.deleteProperty(globalThis, Symbol.for(`mcp-lifecycle.${shared}`));
    const runner = createServerModuleRunner(environment, { hmr: false });
    const patch = this.#patch;
    return {
      import: (path) => runner.import(path),
      get isEdited() {
        return patch.isLoaded;
      },
      [Symbol.asyncDispose]: () => runner.close(),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.close();
  }
}

class Patch {
  #edits: readonly Edit[] = [];
  readonly #loaded = new Set<Edit>();

  readonly plugin: Plugin = {
    name: "defects",
    enforce: "pre",
    transform: (source, id) => {
      const edits = this.#edits.filter(({ file }) => id === pathOf(file));
      for (const edit of edits) this.#loaded.add(edit);
      return edits.reduce(applied, source);
    },
  };

  get isLoaded(): boolean {
    return this.#edits.every((edit) => this.#loaded.has(edit));
  }

  apply(edits: readonly Edit[], { moduleGraph }: DevEnvironment): void {
    // Here and not when they are loaded: what cannot be loaded must not pass for a defect that was caught.
    for (const edit of edits) applied(readFileSync(pathOf(edit.file), "utf8"), edit);
    for (const { file } of [...this.#edits, ...edits]) {
      // These alone, and not what imports them, as `onFileChange` does: that is transformed to what it is already.
      for (const module of moduleGraph.getModulesByFile(pathOf(file)) ?? []) module.transformResult = null;
    }
    this.#edits = edits;
    this.#loaded.clear();
  }
}

function pathOf(file: string): string {
  return `${projectRoot}${file}`;
}

function applied(source: string, { file, find, replace }: Edit): string {
  const [before, after, ...more] = source.split(find);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`the text to replace is ${source.split(find).length - 1} times in ${file}, not once: ${find}`);
  return `${before}${replace}${after}`;
}

/** Nobody reads where in a graph something was thrown; and Node reads the map of every module that comes with one. */
const noSourceMaps: Plugin = {
  name: "no-source-maps",
  enforce: "post",
  transform: (code) => ({ code, map: { mappings: "" } }),
};

const innerVitestPlugin: Plugin = {
  name: "inner-vitest",
  enforce: "pre",
  resolveId: (name) => (name === "vitest" ? innerVitest : undefined),
};
