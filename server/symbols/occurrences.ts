/** All places of a project that name something, by file and by what they name. */
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isCapabilityFile } from '#core/acl/capability-file.ts';
import { isPermissionFile } from '#core/acl/manifest-file.ts';
import type { Position, Range } from 'vscode-languageserver-types';
import { DataFile, type DataFileKind } from '../features/acl/data-file.ts';
import type { FileRange } from '../index/facts.ts';
import { byName, memo } from '../index/parts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { contains } from '../positions.ts';
import { kindOf } from '../workspace/kinds.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { codeOccurrences } from './code-occurrences.ts';
import { dataOccurrences } from './data-occurrences.ts';
import { pluginCrates } from './plugin-crates.ts';
import { type IpcSymbol, type Occurrence, symbolKey } from './symbol.ts';

export class Occurrences {
  readonly #byFile: Groups;
  readonly #bySymbol: Groups;
  readonly #byPlace: Groups;

  private constructor(all: readonly Occurrence[]) {
    this.#byFile = new Groups(all, ({ at }) => at.file);
    this.#bySymbol = new Groups(all, ({ symbol }) => symbolKey(symbol));
    this.#byPlace = new Groups(all, ({ at }) => placeKey(at));
  }

  /** Those of a project as it is now; made once for each change. */
  static of(workspace: Workspace, project: ProjectIndex): Promise<Occurrences> {
    let made = MADE.get(project.all);
    if (!made) {
      made = Occurrences.#create(workspace, project);
      MADE.set(project.all, made);
    }
    return made;
  }

  /** Those of all projects that a file belongs to. */
  static around(workspace: Workspace, file: string): Promise<InProject[]> {
    const projects = workspace.projectsOf(file);
    return Promise.all(
      projects.map(async (project) => ({ project, occurrences: await Occurrences.of(workspace, project) })),
    );
  }

  static async #create(workspace: Workspace, project: ProjectIndex): Promise<Occurrences> {
    const data: Occurrence[] = [];
    for (const { file, kind, plugin } of await dataFiles(project)) {
      const document = await workspace.readDocument(file);
      if (document) data.push(...dataOccurrences(new DataFile(file, kind, document), plugin));
    }
    return new Occurrences([...project.all.flatMap(codeOccurrences), ...data]);
  }

  get all(): readonly Occurrence[] {
    return this.#byFile.all;
  }

  in(file: string): readonly Occurrence[] {
    return this.#byFile.get(file);
  }

  /** Those of exactly this symbol. */
  of(symbol: IpcSymbol): readonly Occurrence[] {
    return this.#bySymbol.get(symbolKey(symbol));
  }

  /** All that a text names: a constant may be the name of a command and of an event. */
  exactlyAt(place: FileRange): readonly Occurrence[] {
    return this.#byPlace.get(placeKey(place));
  }

  /** What is named at a position: the smallest where several are around it. The list of a handler's app names variables. */
  at(file: string, position: Position): Occurrence | undefined {
    return this.in(file)
      .filter(({ at }) => contains(at.range, position))
      .filter(({ role, language }) => role !== 'registration' || language === 'rust')
      .toSorted((a, b) => compareSize(a.at.range, b.at.range))[0];
  }
}

/** A project, and what is named in it. */
export interface InProject {
  readonly project: ProjectIndex;
  readonly occurrences: Occurrences;
}

const MADE = new WeakMap<object, Promise<Occurrences>>();

const compareSize = (a: Range, b: Range) =>
  a.end.line - a.start.line - (b.end.line - b.start.line) ||
  a.end.character - a.start.character - (b.end.character - b.start.character);

/** Occurrences by a key, grouped when somebody asks; each place and symbol once: a constant is named by all calls that use it. */
class Groups {
  readonly #ofAll: () => ReadonlyMap<string, readonly Occurrence[]>;
  readonly #unique = byName((key) => unique(this.#ofAll().get(key) ?? []));

  constructor(all: readonly Occurrence[], keyOf: (occurrence: Occurrence) => string) {
    this.#ofAll = memo(() => Map.groupBy(all, keyOf));
  }

  get(key: string): readonly Occurrence[] {
    return this.#unique(key);
  }

  get all(): readonly Occurrence[] {
    return [...this.#ofAll().keys()].toSorted().flatMap((key) => this.get(key));
  }
}

const placeKey = ({ file, range: { start, end } }: FileRange) =>
  `${file} ${start.line}:${start.character}-${end.line}:${end.character}`;

function unique(all: readonly Occurrence[]): readonly Occurrence[] {
  if (all.length < 2) return all;
  const found = new Map<string, Occurrence>();
  for (const each of all) {
    const { file, range } = each.at;
    const key = `${file} ${range.start.line}:${range.start.character} ${each.role} ${symbolKey(each.symbol)}`;
    if (!found.has(key)) found.set(key, each);
  }
  return [...found.values()];
}

interface DataPlace {
  readonly file: string;
  readonly kind: DataFileKind;
  readonly plugin?: string | undefined;
}

/** The configuration for all platforms, capabilities and permissions; also those of the project's own plugins. */
async function dataFiles(project: ProjectIndex): Promise<DataPlace[]> {
  const { configFolder, configFile } = project.folder;
  if (configFile === undefined) return [];
  const plugins = pluginCrates(project);
  const permissions = join(configFolder, 'permissions');
  return [
    ...(await list(configFolder, false))
      .filter((file) => kindOf(file) === 'config')
      .map((file) => ({ file, kind: 'config' as const })),
    ...(await list(join(configFolder, 'capabilities')))
      .filter(isCapabilityFile)
      .map((file) => ({ file, kind: 'capability' as const })),
    ...(await list(permissions)).filter(isPermissionFile).map((file) => {
      const [first = ''] = relative(permissions, file).split(/[/\\]/);
      return { file, kind: 'permission' as const, plugin: plugins.has(first) ? first : undefined };
    }),
    ...(
      await Promise.all(
        [...plugins].flatMap(([plugin, crates]) =>
          [...crates].filter((crate) => crate !== configFolder).map((crate) => permissionsOf(plugin, crate)),
        ),
      )
    ).flat(),
  ];
}

/** The permission files of a plugin's crate, without those that Tauri's build writes. */
async function permissionsOf(plugin: string, crate: string): Promise<DataPlace[]> {
  const folder = join(crate, 'permissions');
  return (await list(folder))
    .filter((file) => isPermissionFile(file) && relative(folder, file).split(/[/\\]/)[0] !== 'autogenerated')
    .map((file) => ({ file, kind: 'permission', plugin }));
}

/** Absolute paths with forward slashes; none for a folder that is not there. */
async function list(folder: string, recursive = true): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'))
    .toSorted();
}
