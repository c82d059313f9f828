/** The scripts of `window.__TAURI__`: the core's namespaces, and those of the plugins that an app has. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an app with `withGlobalTauri` puts into its pages. */
export class GlobalApi {
  /** of Tauri's core */
  readonly core: string;
  readonly #folder: string;
  /** texts of the plugins' scripts, each from when it was first asked for */
  readonly #texts = new Map<string, string | undefined>();

  /** @param dist the folder of our bundles */
  constructor(dist: string) {
    this.core = readFileSync(join(dist, 'global-api.js'), 'utf8');
    this.#folder = join(dist, 'global-api');
    for (const file of readdirSync(this.#folder).sort()) this.#texts.set(file.replace(/\.js$/, ''), undefined);
  }

  /** Those of the official plugins among `names`, in the order of the alphabet. */
  plugins(names: ReadonlySet<string>): readonly string[] {
    return [...this.#texts.keys()].filter((name) => names.has(name)).map((name) => this.#text(name));
  }

  #text(name: string): string {
    const text = this.#texts.get(name) ?? readFileSync(join(this.#folder, `${name}.js`), 'utf8');
    this.#texts.set(name, text);
    return text;
  }
}
