/** One Tauri project, with all that is known of its commands, calls, events, windows and permissions. */
import { type AclFiles, AppAcl, type ConfigFiles, type ProjectError } from '../project/index.ts';
import type { RustIndex } from '../rust/index.ts';
import type { ScriptIndex } from '../script/index.ts';
import type { CallSite, CommandDefinition, EventSite, FileFacts, FileRange, WindowSite } from './facts.ts';
import { declaredIn } from './declared.ts';
import { configWindows } from './config-windows.ts';
import { rustDefinitions } from './rust-definitions.ts';

/** Where a project is. */
export interface ProjectFolder {
  /** has `src-tauri/` or the configuration itself */
  readonly root: string;
  /** `tauri.conf.json`, or another form of it; undefined for a folder without one */
  readonly configFile: string | undefined;
  /** has the configuration, `capabilities/`, `permissions/`, Cargo.toml */
  readonly configFolder: string;
  /** as its app is called in records of the inspector */
  readonly name: string;
}

/** What the configuration and the files beside it say: of each file the last that could be read. */
export interface ProjectData {
  readonly config: ConfigFiles;
  readonly files: AclFiles;
  /** what Tauri would refuse, and texts that could not be read */
  readonly problems: readonly ProjectError[];
}

export interface ProjectAcl extends ProjectData {
  /** what follows for the windows, with what the handlers declare */
  readonly acl: AppAcl;
}

export interface ProjectSources {
  readonly rust: RustIndex;
  readonly scripts: ScriptIndex;
  /** the scripts that belong to the project */
  scriptFiles(): Iterable<string>;
  data(): ProjectData | undefined;
}

/** What follows from the files as they are now is made when somebody asks, once for each change. */
export class ProjectIndex {
  readonly folder: ProjectFolder;
  readonly #sources: ProjectSources;
  #linked: Linked | undefined;
  /** as it was made of files and of what handlers declare */
  #acl: { readonly data: ProjectData; readonly key: string; readonly acl: ProjectAcl } | undefined;

  constructor(folder: ProjectFolder, sources: ProjectSources) {
    this.folder = folder;
    this.#sources = sources;
  }

  /** A file of the project is another one now. */
  invalidate(): void {
    this.#linked = undefined;
  }

  get rust(): RustIndex {
    return this.#sources.rust;
  }

  /** undefined where there is no configuration */
  get acl(): ProjectAcl | undefined {
    const data = this.#sources.data();
    if (!data) return undefined;
    const backend = declaredIn(this.commands);
    const key = JSON.stringify(backend);
    if (this.#acl?.data !== data || this.#acl.key !== key) {
      this.#acl = { data, key, acl: { ...data, acl: new AppAcl(data.files, { backend }) } };
    }
    return this.#acl.acl;
  }

  /** Definitions by the name that pages call. */
  get commands(): ReadonlyMap<string, readonly CommandDefinition[]> {
    return this.#now.commands;
  }

  /** All calls whose command is known, by that. */
  get calls(): ReadonlyMap<string, readonly CallSite[]> {
    return this.#now.calls;
  }

  /** Places where events are emitted or listened to, by the event. */
  get events(): ReadonlyMap<string, readonly EventSite[]> {
    return this.#now.events;
  }

  /** Events with names that are made at run time. */
  get eventPatterns(): readonly EventSite[] {
    return this.#now.eventPatterns;
  }

  /** Events of which nothing is known: neither a name nor a part of one. */
  get unnamedEvents(): readonly EventSite[] {
    return this.#now.unnamedEvents;
  }

  /** Calls whose command cannot be told. */
  get unnamedCalls(): readonly CallSite[] {
    return this.#now.unnamedCalls;
  }

  get windows(): readonly WindowSite[] {
    return this.#now.windows;
  }

  /** Where macros make commands, or lists of them, under names that cannot be read: there may be more commands than are known. */
  get commandMacros(): readonly FileRange[] {
    return this.#sources.rust.macros.map(({ file, line, column }) => {
      const start = { line: line - 1, character: column - 1 };
      return { file, range: { start, end: start } };
    });
  }

  /** What one of the project's files says. */
  facts(file: string): FileFacts {
    return this.#sources.scripts.facts(file);
  }

  get files(): Iterable<string> {
    return this.#sources.scriptFiles();
  }

  get #now(): Linked {
    this.#linked ??= link(this.#sources);
    return this.#linked;
  }
}

interface Linked {
  readonly commands: ReadonlyMap<string, readonly CommandDefinition[]>;
  readonly calls: ReadonlyMap<string, readonly CallSite[]>;
  readonly events: ReadonlyMap<string, readonly EventSite[]>;
  readonly eventPatterns: readonly EventSite[];
  readonly unnamedEvents: readonly EventSite[];
  readonly unnamedCalls: readonly CallSite[];
  readonly windows: readonly WindowSite[];
}

function link(sources: ProjectSources): Linked {
  const facts = [...sources.scriptFiles()].map((file) => sources.scripts.facts(file));
  const commands = [...rustDefinitions(sources.rust), ...facts.flatMap((each) => each.commands)];
  const calls = facts.flatMap((each) => each.calls);
  const events = facts.flatMap((each) => each.events);
  return {
    commands: Map.groupBy(commands, ({ name }) => name),
    calls: groupBy(calls, ({ command }) => command),
    unnamedCalls: calls.filter(({ command }) => command === undefined),
    events: groupBy(events, ({ event }) => event),
    eventPatterns: events.filter(({ pattern }) => pattern !== undefined),
    unnamedEvents: events.filter(({ event, pattern }) => event === undefined && pattern === undefined),
    windows: [...configWindows(sources.data()?.config), ...facts.flatMap((each) => each.windows)],
  };
}

/** Groups what has a key; what has none is left out. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
