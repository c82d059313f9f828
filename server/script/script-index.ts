/** The scripts of a workspace, linked: names that come from other files are followed. */
import { type FileFacts, noFacts } from '../index/facts.ts';
import { definitionsOf, permissionReferencesOf, Registrations } from './definitions.ts';
import { Linker, type Located } from './link.ts';
import { METHOD, type Reading } from './model.ts';
import { ImportResolver } from './resolve-import.ts';
import type { ScriptFile } from './script-file.ts';
import { sitesOf } from './sites.ts';

/** Facts of a file, with all that they were made of. */
interface Linked {
  facts: FileFacts;
  readonly sources: Sources;
  /** the change after which its commands were made: they depend on lists of other files */
  commandsSeen: number;
  /** the last change of the index after which they were seen to be true */
  seen: number;
  /** the same, of which files there are */
  layout: number;
}

/** What was looked at to make something. */
class Sources {
  readonly files = new Map<string, ScriptFile | undefined>();
  /** by file and specifier: where the import led */
  readonly imports = new Map<string, Map<string, string | undefined>>();
  /** methods that were looked at, and for which file */
  methods: { readonly from: string; readonly found: readonly Located[] } | undefined;
}

/**
 * Files by path. What follows from them is made when somebody asks, of a file only again where it, or one that it was
 * linked to, is another one.
 */
export class ScriptIndex {
  readonly #files = new Map<string, ScriptFile>();
  readonly #resolver = new ImportResolver((path) => this.#files.has(path));
  readonly #linked = new Map<string, Linked>();
  readonly #linker: Linker;
  #sources = new Sources();
  readonly #methods = new Map<string, { readonly change: number; readonly found: readonly Located[] }>();
  #registrations: { readonly change: number; readonly all: Registrations } | undefined;
  #change = 0;
  #layout = 0;

  constructor() {
    this.#linker = new Linker({
      reading: (path) => this.#fileAt(path)?.reading,
      resolve: (from, specifier) => this.#resolve(from, specifier),
      methods: (from) => this.#methodsFor(from),
    });
  }

  set(file: ScriptFile): void {
    const before = this.#files.get(file.path);
    file.follows(before);
    this.#files.set(file.path, file);
    // At once, where it will be needed: who asks for facts of all files should not wait for that.
    if (file.mentionsTauri) file.read();
    this.#changed(before === undefined);
  }

  delete(path: string): void {
    if (this.#files.delete(path)) this.#changed(true);
    this.#linked.delete(path);
  }

  /** The text of a tsconfig.json, jsconfig.json or package.json, which say what imports mean; undefined: it is gone. */
  setConfig(path: string, text: string | undefined): void {
    if (this.#resolver.setConfig(path, text)) this.#changed(true);
  }

  get files(): Iterable<string> {
    return this.#files.keys();
  }

  /** What a file says; of one that was not read: nothing. The same object as before where nothing of it changed. */
  facts(path: string): FileFacts {
    const file = this.#files.get(path);
    if (!file) return noFacts(path);
    let linked = this.#linked.get(path);
    if (!linked || !this.#isTrue(linked)) {
      const sources = new Sources();
      this.#sources = sources;
      const before = linked?.facts ?? noFacts(path);
      const facts = { ...this.#make(file), commands: before.commands };
      linked = {
        facts: kept(before, facts),
        sources,
        seen: this.#change,
        layout: this.#layout,
        commandsSeen: -1,
      };
      this.#linked.set(path, linked);
    }
    if (file.mentionsHandlers || linked.facts.commands.length > 0) this.#linkCommands(file, linked);
    return linked.facts;
  }

  /** What a file would say if it were this one. Nothing of it is kept. */
  imagine(file: ScriptFile): FileFacts {
    const { path } = file;
    const real = this.#files.get(path);
    this.#sources = new Sources();
    const folder = this.#resolver.packageOf(path);
    const methods = this.#methods.get(folder);
    this.#files.set(path, file);
    try {
      const commands = file.mentionsHandlers ? definitionsOf(this.#linker, file.reading, this.#listsNow()) : [];
      return { ...this.#make(file), commands };
    } finally {
      if (real) this.#files.set(path, real);
      else this.#files.delete(path);
      if (methods) this.#methods.set(folder, methods);
      else this.#methods.delete(folder);
    }
  }

  #changed(isLayout: boolean): void {
    this.#change++;
    if (!isLayout) return;
    this.#layout++;
    this.#resolver.clear();
  }

  /** Whether all that facts were made of is as it was. */
  #isTrue(linked: Linked): boolean {
    if (linked.seen === this.#change) return true;
    const { files, imports, methods } = linked.sources;
    for (const [path, file] of files) {
      const now = this.#files.get(path);
      if (now === file) continue;
      // Of another file only counts what is seen of it from here.
      if (path === linked.facts.file || !now || now.shape !== file?.shape) return false;
      files.set(path, now);
    }
    if (linked.layout !== this.#layout) {
      for (const [from, known] of imports) {
        for (const [specifier, to] of known) if (this.#resolver.resolve(from, specifier) !== to) return false;
      }
    }
    if (methods && this.#methodsOf(this.#resolver.packageOf(methods.from)) !== methods.found) return false;
    linked.seen = this.#change;
    linked.layout = this.#layout;
    return true;
  }

  #make(file: ScriptFile): FileFacts {
    this.#fileAt(file.path);
    if (!file.mentionsTauri && !this.#importsSomething(file)) return noFacts(file.path);
    const { calls, events, windows, windowReferences } = sitesOf(this.#linker, file.reading);
    return {
      ...noFacts(file.path),
      calls,
      events,
      windows,
      windowReferences,
      permissionReferences: permissionReferencesOf(file.reading),
    };
  }

  // ---- handlers

  #linkCommands(file: ScriptFile, linked: Linked): void {
    if (linked.commandsSeen === this.#change) return;
    linked.commandsSeen = this.#change;
    this.#sources = new Sources();
    const commands = file.mentionsHandlers ? definitionsOf(this.#linker, file.reading, this.#handlerLists()) : [];
    if (!isSame(linked.facts.commands, commands)) linked.facts = { ...linked.facts, commands };
  }

  #handlerLists(): Registrations {
    if (this.#registrations?.change !== this.#change) {
      this.#registrations = { change: this.#change, all: this.#listsNow() };
    }
    return this.#registrations.all;
  }

  #listsNow(): Registrations {
    const readings: Reading[] = [];
    for (const file of this.#files.values()) if (file.mentionsHandlers) readings.push(file.reading);
    return new Registrations(this.#linker, readings);
  }

  // ---- methods

  #methodsFor(from: string): readonly Located[] {
    const found = this.#methodsOf(this.#resolver.packageOf(from));
    this.#sources.methods = { from, found };
    return found;
  }

  /** Of the classes that files of a package export; the same list as before where they are the same. */
  #methodsOf(folder: string): readonly Located[] {
    const known = this.#methods.get(folder);
    if (known?.change === this.#change) return known.found;
    const made: Located[] = [];
    for (const file of this.#files.values()) {
      if (!file.offers || this.#resolver.packageOf(file.path) !== folder) continue;
      for (const value of file.reading.exports.values()) {
        const method = value.kind === 'class' ? value.members.get(METHOD) : undefined;
        if (method) made.push({ value: method, reading: file.reading, frame: undefined, level: 0 });
      }
    }
    const isSameAs =
      known?.found.length === made.length && known.found.every((each, index) => each.value === made[index]?.value);
    const found = isSameAs ? known.found : made;
    this.#methods.set(folder, { change: this.#change, found });
    return found;
  }

  // ---- what is looked at

  #fileAt(path: string): ScriptFile | undefined {
    const file = this.#files.get(path);
    this.#sources.files.set(path, file);
    return file;
  }

  #resolve(from: string, specifier: string): string | undefined {
    const to = this.#resolver.resolve(from, specifier);
    const { imports } = this.#sources;
    const known = imports.get(from);
    if (known) known.set(specifier, to);
    else imports.set(from, new Map([[specifier, to]]));
    return to;
  }

  /** Whether a file without anything of Tauri's imports a function that leads there. */
  #importsSomething(file: ScriptFile): boolean {
    return file.specifiers.some((specifier) => {
      const to = this.#resolve(file.path, specifier);
      return to !== undefined && this.#offersSomething(to, new Set());
    });
  }

  #offersSomething(path: string, seen: Set<string>): boolean {
    if (seen.has(path)) return false;
    seen.add(path);
    const file = this.#fileAt(path);
    if (!file) return false;
    if (file.offers) return true;
    const passedOn = file.mentionsTauri ? file.reading.stars : file.passesOn ? file.specifiers : [];
    return passedOn.some((specifier) => {
      const to = this.#resolve(path, specifier);
      return to !== undefined && this.#offersSomething(to, seen);
    });
  }
}

/** Facts with all that they say as before: who made something of it need not do so again. */
function kept(before: FileFacts, now: FileFacts): FileFacts {
  const same = <K extends keyof FileFacts>(key: K): FileFacts[K] =>
    isSame(before[key], now[key]) ? before[key] : now[key];
  const facts: FileFacts = {
    file: now.file,
    calls: same('calls'),
    events: same('events'),
    windows: same('windows'),
    windowReferences: same('windowReferences'),
    permissionReferences: same('permissionReferences'),
    commands: now.commands,
  };
  return Object.entries(facts).every(([key, value]) => value === before[key as keyof FileFacts]) ? before : facts;
}

/** Whether facts say the same. They are plain data. */
const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
