/** Plugins and apps as their authors write them (tauri-core 5.3). */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { AppHandle, WindowHandle } from './app.ts';
import type { Command } from './command.ts';

/** What happened to the app as a whole (Tauri's `RunEvent`, as far as panels know it). */
export type RunEvent =
  | { readonly kind: 'Ready' }
  | { readonly kind: 'WindowEvent'; readonly label: string; readonly event: string; readonly payload: unknown }
  /** the user chose an item of a menu, by its id */
  | { readonly kind: 'MenuEvent'; readonly id: string }
  /** the user clicked an icon of the app's in the status bar; as the npm package's tray hears it */
  | { readonly kind: 'TrayIconEvent'; readonly event: { readonly type: string; readonly id: string } }
  | { readonly kind: 'ExitRequested'; readonly code: number | undefined }
  | { readonly kind: 'Exit' };

export interface PageLoad {
  readonly url: string;
  readonly event: 'Started' | 'Finished';
}

export interface PluginOptions<Config> {
  readonly name: string;
  readonly commands?: readonly Command[];
  /** checks `plugins.<name>` of the Tauri configuration; without it the config is not read */
  readonly config?: StandardSchemaV1<unknown, Config>;
  /** Runs once, when the app starts, before any window opens. A throw stops the app's start. */
  setup?(app: AppHandle, config: Config): void | Promise<void>;
  /** JavaScript that runs in every page before its own scripts, in a function scope of its own (`js_init_script`). */
  readonly initScript?: string;
  /** Asked before each navigation; `false` stops it, and later plugins are not asked. */
  onNavigation?(window: WindowHandle, url: string): boolean;
  onPageLoad?(window: WindowHandle, load: PageLoad): void;
  onWindowReady?(window: WindowHandle): void;
  onWebviewReady?(window: WindowHandle): void;
  onEvent?(app: AppHandle, event: RunEvent): void;
  /** Runs once, when the app ends, or when the plugin is removed or replaced. */
  onDrop?(app: AppHandle): void;
}

export interface Plugin extends PluginOptions<never> {
  readonly kind: 'plugin';
}

const RESERVED = new Set(['core', 'tauri']);

/** Defines a plugin; its commands are called as `plugin:<name>|<command>`. */
export function plugin<Config = unknown>(options: PluginOptions<Config>): Plugin {
  if (RESERVED.has(options.name)) throw new Error(`plugin uses reserved name: ${options.name}`);
  return { kind: 'plugin', ...(options as PluginOptions<never>) };
}

/**
 * Runs a plugin's setup with its part of the configuration. Throws Tauri's text where the configuration does not fit or
 * the setup fails.
 */
export async function setUpPlugin(
  plugin: Plugin,
  app: AppHandle,
  configs: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { setup } = plugin;
  if (!setup) return;
  try {
    await setup.call(plugin, app, (await readConfig(plugin, configs[plugin.name] ?? null)) as never);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`failed to initialize plugin \`${plugin.name}\`: ${reason}`, { cause: error });
  }
}

async function readConfig(plugin: Plugin, given: unknown): Promise<unknown> {
  const schema = plugin.config;
  if (!schema) return given;
  const result = await schema['~standard'].validate(given);
  if (!result.issues) return result.value;
  throw new Error(
    `Error deserializing 'plugins.${plugin.name}' within your Tauri configuration: ${result.issues[0]?.message}`,
  );
}

/** What `src-ipc/main.ts` exports: the app's commands, plugins and start-up code. */
export interface AppDefinition<Commands extends readonly Command[] = readonly Command[]> {
  readonly kind: 'app';
  readonly commands: Commands;
  readonly plugins: readonly Plugin[];
  readonly setup: ((app: AppHandle) => void | Promise<void>) | undefined;
}

/**
 * Defines an app's backend. Two commands of one name are an error at once, with the name in it.
 *
 * @example
 * export default app({ commands: [greet], plugins: [], setup(app) { app.manage('db', open()); } });
 */
export function app<const Commands extends readonly Command[]>(definition: {
  readonly commands?: Commands;
  readonly plugins?: readonly Plugin[];
  setup?(app: AppHandle): void | Promise<void>;
}): AppDefinition<Commands> {
  const commands = (definition.commands ?? []) as Commands;
  assertUnique(commands);
  for (const each of definition.plugins ?? []) assertUnique(each.commands ?? [], `plugin "${each.name}"`);
  return { kind: 'app', commands, plugins: definition.plugins ?? [], setup: definition.setup?.bind(definition) };
}

function assertUnique(commands: readonly Command[], where = 'the app'): void {
  const seen = new Set<string>();
  for (const { name } of commands) {
    if (seen.has(name)) throw new Error(`command "${name}" is registered twice in ${where}`);
    seen.add(name);
  }
}
