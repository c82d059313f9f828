/** One Tauri project, with all that is known of its commands, calls, events, windows and permissions. */
import {
  type AclFiles,
  AppAcl,
  type BuildScript,
  type ConfigFiles,
  type CratePlugins,
  type DeclaredByBackend,
  type ReadingReport,
} from '../project/index.ts';
import type { RustIndex } from '../rust/index.ts';
import { readScript, type ScriptIndex } from '../script/index.ts';
import type { CallSite, CommandDefinition, EventSite, FileFacts, WindowSite } from './facts.ts';
import { declaredIn } from './declared.ts';
import { configWindows } from './config-windows.ts';
import { memo, Part } from './parts.ts';
import { rustFacts } from './rust-facts.ts';

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
export interface ProjectData extends ReadingReport {
  readonly config: ConfigFiles;
  readonly files: AclFiles;
  /** that Cargo.toml names; undefined where there is none, or no Tauri app's */
  readonly plugins: CratePlugins | undefined;
  readonly buildScript: BuildScript;
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

/**
 * What follows from the files as they are now is made when somebody asks, and only where files say something else than
 * before: after a change in one of thousands most of it stays.
 */
export class ProjectIndex {
  readonly folder: ProjectFolder;
  readonly #sources: ProjectSources;
  #facts: readonly FileFacts[] | undefined;
  readonly #calls = new Part('calls', (all) => ({
    named: groupBy(all, ({ command }) => command),
    unnamed: all.filter(({ command }) => command === undefined),
  }));
  readonly #events = new Part('events', (all) => ({
    named: groupBy(all, ({ event }) => event),
    patterns: all.filter(({ pattern }) => pattern !== undefined),
    unnamed: all.filter(({ event, pattern }) => event === undefined && pattern === undefined),
  }));
  readonly #windows = new Part('windows', (all) => all);
  readonly #commands = new Part('commands', (all) => Map.groupBy(all, ({ name }) => name));
  /** by what follows from all Rust files, which is the same until one of them changes */
  readonly #rustFacts = memo((_names: RustIndex['names']) => rustFacts(this.rust));
  readonly #configWindows = memo((data: ProjectData | undefined) => configWindows(data?.config));
  readonly #allWindows = memo((config: readonly WindowSite[], code: readonly WindowSite[]) => [...config, ...code]);
  readonly #declared = memo(
    (commands: ProjectIndex['commands']) => declaredIn(commands),
    (one, other) => JSON.stringify(one) === JSON.stringify(other),
  );
  readonly #acl = memo((data: ProjectData | undefined, backend: DeclaredByBackend): ProjectAcl | undefined => {
    return data && { ...data, acl: new AppAcl(data.files, { backend }) };
  });

  constructor(folder: ProjectFolder, sources: ProjectSources) {
    this.folder = folder;
    this.#sources = sources;
  }

  /** A file of the project is another one now. */
  invalidate(): void {
    this.#facts = undefined;
  }

  /** What all files of code say. Another list after each change, also of other files: what follows from all can be kept by it. */
  get all(): readonly FileFacts[] {
    return this.#now;
  }

  get rust(): RustIndex {
    return this.#sources.rust;
  }

  /** undefined where there is no configuration */
  get acl(): ProjectAcl | undefined {
    return this.#acl(this.#sources.data(), this.#declared(this.commands));
  }

  /** Definitions by the name that pages call. */
  get commands(): ReadonlyMap<string, readonly CommandDefinition[]> {
    return this.#commands.of(this.#now);
  }

  /** All calls whose command is known, by that. */
  get calls(): ReadonlyMap<string, readonly CallSite[]> {
    return this.#calls.of(this.#now).named;
  }

  /** Places where events are emitted or listened to, by the event. */
  get events(): ReadonlyMap<string, readonly EventSite[]> {
    return this.#events.of(this.#now).named;
  }

  /** Events with names that are made at run time. */
  get eventPatterns(): readonly EventSite[] {
    return this.#events.of(this.#now).patterns;
  }

  /** Events of which nothing is known: neither a name nor a part of one. */
  get unnamedEvents(): readonly EventSite[] {
    return this.#events.of(this.#now).unnamed;
  }

  /** Calls whose command cannot be told. */
  get unnamedCalls(): readonly CallSite[] {
    return this.#calls.of(this.#now).unnamed;
  }

  get windows(): readonly WindowSite[] {
    return this.#allWindows(this.#configWindows(this.#sources.data()), this.#windows.of(this.#now));
  }

  /** What one of the project's files says. */
  facts(file: string): FileFacts {
    return this.#rust.get(file) ?? this.#sources.scripts.facts(file);
  }

  /** What one of its scripts would say if it had another text. */
  imagine(file: string, text: string): FileFacts {
    return this.#sources.scripts.imagine(readScript(file, text));
  }

  /** Rust files and scripts. */
  get files(): Iterable<string> {
    return [...this.#rust.keys(), ...this.#sources.scriptFiles()];
  }

  get #rust(): ReadonlyMap<string, FileFacts> {
    return this.#rustFacts(this.rust.names);
  }

  get #now(): readonly FileFacts[] {
    const { scripts, scriptFiles } = this.#sources;
    this.#facts ??= [...this.#rust.values(), ...Array.from(scriptFiles(), (file) => scripts.facts(file))];
    return this.#facts;
  }
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
