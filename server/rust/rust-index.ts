/** The commands of a project: which there are, under which names, and who registers them. */
import { type CrateName, crateName, crateOf } from './crates.ts';
import { withLastGood } from './last-good.ts';
import type { Place, RegisteredCommand, RustCommand, RustConstant, RustFile, RustUse } from './model.ts';
import { type Names, Names as NamesOf, push } from './resolve.ts';
import { settle } from './settle.ts';
import { eventKey, Texts } from './texts.ts';

/** Files by path. What follows from all of them is made when somebody asks, once for each change. */
export class RustIndex {
  readonly #files = new Map<string, RustFile>();
  readonly #crates = new Map<string, CrateName>();
  #state: State | undefined;

  /** Of a file that somebody types in, what was known last and cannot be read now stays. */
  set(file: RustFile): void {
    this.#files.set(file.path, withLastGood(file, this.#files.get(file.path)));
    this.#state = undefined;
  }

  delete(path: string): void {
    if (this.#files.delete(path)) this.#state = undefined;
  }

  /** Tells the name of a crate by its `Cargo.toml`; `text` undefined: the file is gone. */
  setManifest(path: string, text: string | undefined): void {
    const crate = text === undefined ? undefined : crateName(path, text);
    if (crate) this.#crates.set(path, crate);
    else this.#crates.delete(path);
    this.#state = undefined;
  }

  get files(): Iterable<RustFile> {
    return this.#files.values();
  }

  /** The commands that a page can call, one for each name; all of them where no list registers any. */
  get commands(): readonly RustCommand[] {
    return this.#known.commands;
  }

  /** Commands that no `generate_handler!` list has. */
  get unregistered(): readonly RustCommand[] {
    return this.#known.unregistered;
  }

  /** Items of lists whose functions were not found: a macro makes them, or another crate has them. */
  get missing(): readonly MissingCommand[] {
    return this.#known.missing;
  }

  /** Macros that make commands, or lists of them, under names that cannot be read. */
  get macros(): readonly Place[] {
    return [...this.#files.values()].flatMap(({ commandMacros, openLists }) => [...commandMacros, ...openLists]);
  }

  find(name: string): RustCommand | undefined {
    return this.#known.byName.get(name)?.[0];
  }

  /** All functions of one name: there are several where each is for a platform of its own. */
  definitions(name: string): readonly RustCommand[] {
    return this.#known.byName.get(name) ?? [];
  }

  /** The items of lists that register a command of {@link definitions}. */
  registrationsOf(command: RustCommand): readonly RegisteredCommand[] {
    return this.#known.registrations.get(command) ?? [];
  }

  /** What the names in the files mean. */
  get names(): Names {
    return this.#known.names;
  }

  /** What names of events and windows are. */
  get texts(): Texts {
    return this.#known.texts;
  }

  get #known(): State {
    this.#state ??= stateOf([...this.#files.values()], [...this.#crates.values()]);
    return this.#state;
  }
}

/** An item of a list whose function is not known. */
export interface MissingCommand extends RegisteredCommand {
  /** as the page calls it */
  readonly name: string;
}

const pagesName = (command: string, plugin: string | undefined) =>
  plugin === undefined ? command : `plugin:${plugin}|${command}`;

interface State {
  readonly names: Names;
  readonly texts: Texts;
  readonly commands: readonly RustCommand[];
  readonly unregistered: readonly RustCommand[];
  readonly missing: readonly MissingCommand[];
  readonly byName: ReadonlyMap<string, readonly RustCommand[]>;
  readonly registrations: ReadonlyMap<RustCommand, readonly RegisteredCommand[]>;
}

function stateOf(files: readonly RustFile[], crates: readonly CrateName[]): State {
  const names = new NamesOf(files, crates);
  const all = files.flatMap((file) => file.commands.map((command) => settle(command, names)));
  const lists = files.flatMap((file) => file.registered);
  // A list that a macro fills in may have any command.
  const readable = lists.length > 0 && files.every(({ openLists }) => openLists.length === 0);
  const constants = new Map(files.map(({ path, constants }) => [path, plainConstants(constants)]));
  const uses = new Map(files.map(({ path, uses }) => [path, uses]));
  const items = new Map<RustCommand, RegisteredCommand[]>();
  const missing: MissingCommand[] = [];
  const byRustName = Map.groupBy(
    all.filter(({ isProcedure }) => !isProcedure),
    ({ rustName }) => rustName,
  );
  for (const item of lists) {
    const used = uses.get(item.file) ?? [];
    const meant = definitionsOf(item, byRustName.get(functionName(item, used)) ?? [], used, names);
    if (meant.length === 0)
      missing.push({ ...item, name: pagesName(item.path.at(-1) ?? '', pluginName(item, constants, crates)) });
    for (const command of meant) push(items, command, item);
  }
  const commands: RustCommand[] = [];
  const unregistered: RustCommand[] = [];
  const registrations = new Map<RustCommand, readonly RegisteredCommand[]>();
  for (const command of all) {
    const registering = items.get(command) ?? [];
    const [first] = registering;
    const plugin = first && pluginName(first, constants, crates);
    const registered = first !== undefined || !readable || command.isProcedure === true;
    const known = {
      ...command,
      registered,
      name: pagesName(command.name, plugin),
      ...(plugin !== undefined && { plugin }),
    };
    (registered ? commands : unregistered).push(known);
    registrations.set(known, registering);
  }
  const byName = Map.groupBy([...commands, ...unregistered], ({ name }) => name);
  return {
    names,
    texts: new Texts(files, names, pluginsOfEvents(files, constants, crates)),
    commands: firsts(commands),
    unregistered: firsts(unregistered),
    missing,
    byName,
    registrations,
  };
}

const firsts = (commands: readonly RustCommand[]) =>
  [...new Map([...commands].reverse().map((command) => [command.name, command])).values()].reverse();

/** Which functions an item of a list means: those of its crate and its module where they can be told. */
function definitionsOf(
  item: RegisteredCommand,
  candidates: readonly RustCommand[],
  uses: readonly RustUse[],
  names: Names,
): readonly RustCommand[] {
  const [first = '', ...rest] = item.path;
  const imported = uses.find(({ name, module }) => name === first && sameModule(module, item.module))?.path;
  const path = [...(imported ?? [first]), ...rest];
  const { root } = crateOf(item.file);
  const own = candidates.filter(({ file }) => crateOf(file).root === root);
  const near = own.length > 0 ? own : elsewhere(path, candidates, uses, names);
  if (near.length < 2) return near;
  if (path.length === 1) {
    const here = near.filter(({ file, module }) => file === item.file && sameModule(module, item.module));
    return here.length > 0 ? here : near;
  }
  const suffix = path.slice(0, -1).filter((part) => !RELATIVE.has(part));
  const exact = near.filter(({ module }) => sameModule(module.slice(module.length - suffix.length), suffix));
  return exact.length > 0 ? exact : near;
}

/** Functions of another crate, where the path or a glob leads out of this one. */
function elsewhere(
  path: readonly string[],
  candidates: readonly RustCommand[],
  uses: readonly RustUse[],
  names: Names,
): readonly RustCommand[] {
  const [first = ''] = path;
  const roads = path.length > 1 ? [first] : uses.filter(({ name }) => name === '*').map(({ path }) => path[0] ?? '');
  if (!roads.some((road) => !RELATIVE.has(road))) return [];
  const roots = roads.flatMap((road) => names.cratesNamed(road));
  const named = candidates.filter(({ file }) => roots.includes(crateOf(file).root));
  return named.length > 0 ? named : candidates;
}

/** `use greet as hello` gives a function another name in the list. */
function functionName({ path, module }: Pick<RegisteredCommand, 'path' | 'module'>, uses: readonly RustUse[]): string {
  const last = path.at(-1) ?? '';
  if (path.length > 1) return last;
  return uses.find(({ name, module: at }) => name === last && sameModule(at, module))?.path.at(-1) ?? last;
}

/** The constants that have a text, by their names. */
const plainConstants = (constants: readonly RustConstant[]) =>
  new Map(constants.flatMap(({ name, value }) => (value.kind === 'text' ? [[name, value.text] as const] : [])));

const RELATIVE = new Set(['crate', 'self', 'super']);
const sameModule = (a: readonly string[], b: readonly string[]) => a.join('::') === b.join('::');

/** The plugins of tauri-specta's events, by {@link eventKey}. */
function pluginsOfEvents(
  files: readonly RustFile[],
  constants: ReadonlyMap<string, ReadonlyMap<string, string>>,
  crates: readonly CrateName[],
): ReadonlyMap<string, string> {
  const plugins = new Map<string, string>();
  for (const { pluginEvents, uses } of files) {
    for (const item of pluginEvents) {
      const plugin = pluginName(item, constants, crates);
      if (plugin !== undefined) plugins.set(eventKey(item.file, functionName(item, uses)), plugin);
    }
  }
  return plugins;
}

function pluginName(
  item: Pick<RegisteredCommand, 'plugin'> & { readonly file: string },
  constants: ReadonlyMap<string, ReadonlyMap<string, string>>,
  crates: readonly CrateName[],
): string | undefined {
  const { plugin } = item;
  if (plugin === undefined || typeof plugin === 'string') return plugin;
  const own = constants.get(item.file)?.get(plugin.constant);
  if (own !== undefined) return own;
  const { root, name } = crateOf(item.file);
  for (const [file, values] of constants) {
    const value = crateOf(file).root === root ? values.get(plugin.constant) : undefined;
    if (value !== undefined) return value;
  }
  // `env!("CARGO_PKG_NAME")`: the name of the crate.
  return crates.find((crate) => crate.root === root)?.package ?? name.replaceAll('_', '-');
}
