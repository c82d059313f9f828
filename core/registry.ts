/** Commands by the names that pages call them with: those of an app, and those of its plugins. */
import type { CalledCommand } from './call.ts';
import type { Command } from './command.ts';
import type { Disposable } from './lifetime.ts';
import type { Plugin } from './plugin.ts';

/** What somebody answers: commands of the app by name, and those of plugins. */
export interface CommandNames {
  readonly commands: ReadonlySet<string>;
  readonly plugins: ReadonlyMap<string, ReadonlySet<string>>;
}

export function hasCommand({ commands, plugins }: CommandNames, { plugin, name }: CalledCommand): boolean {
  return plugin === undefined ? commands.has(name) : plugins.get(plugin)?.has(name) === true;
}

/** Tauri's words for a command that nobody has. */
export function notFoundText({ plugin, name }: CalledCommand, pluginKnown: boolean): string {
  return plugin === undefined || pluginKnown ? `Command ${name} not found` : `plugin ${plugin} not found`;
}

/** The commands that run here, in the host or in the backend process. */
export class Registry {
  readonly #commands = new Map<string, Command>();
  readonly #plugins = new Map<string, { readonly plugin: Plugin; readonly commands: ReadonlyMap<string, Command> }>();

  get commands(): readonly Command[] {
    return [...this.#commands.values()];
  }

  /** In the order in which they were added. */
  get plugins(): readonly Plugin[] {
    return [...this.#plugins.values()].map(({ plugin }) => plugin);
  }

  /** Adds a command of the app. A name that is taken is an error, with the name in it. */
  addCommand(command: Command): Disposable {
    if (this.#commands.has(command.name)) throw new Error(`command "${command.name}" is registered twice`);
    this.#commands.set(command.name, command);
    return { dispose: () => this.#commands.delete(command.name) };
  }

  /** Adds a plugin; as in Tauri, one of the same name takes the place of the one before. */
  addPlugin(plugin: Plugin): void {
    const commands = new Map((plugin.commands ?? []).map((command) => [command.name, command]));
    this.#plugins.set(plugin.name, { plugin, commands });
  }

  /** Removes a plugin and gives it back. */
  removePlugin(name: string): Plugin | undefined {
    const found = this.#plugins.get(name)?.plugin;
    this.#plugins.delete(name);
    return found;
  }

  find({ plugin, name }: CalledCommand): Command | undefined {
    return plugin === undefined ? this.#commands.get(name) : this.#plugins.get(plugin)?.commands.get(name);
  }

  hasPlugin(name: string | undefined): boolean {
    return name !== undefined && this.#plugins.has(name);
  }
}
