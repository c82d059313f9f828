/** The problems of a project, file by file, kept for as long as nothing that they follow from is another. */
import type { FileFacts } from '../index/facts.ts';
import { memo } from '../index/parts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import type { FileCheck, Problem, ProjectCheck } from './problem.ts';

/** Objects that something follows from: others as soon as it may be another. */
type From = (project: ProjectIndex) => readonly unknown[];

export type Check = { readonly inFiles: FileCheck } | WholeCheck;

/** Looks at everything at once, and therefore at little of each file. */
interface WholeCheck {
  readonly inProject: ProjectCheck;
  readonly from: From;
}

/** Those of one check in one file. */
type Found = readonly Problem[];

/** What checks of single files found while the definitions of the project are the same. */
interface InFiles {
  readonly from: readonly unknown[];
  readonly checks: readonly (ReturnType<FileCheck> | undefined)[];
  readonly found: WeakMap<FileFacts, readonly Found[]>;
}

interface InProject {
  readonly from: readonly unknown[];
  readonly found: ReadonlyMap<string, Found>;
}

const NONE: readonly never[] = [];

export class ProjectProblems {
  readonly #project: ProjectIndex;
  readonly #checks: readonly Check[];
  readonly #definitions: From;
  readonly #facts = memo((all: readonly FileFacts[]) => new Map(all.map((facts) => [facts.file, facts])));
  readonly #inProject = new Map<WholeCheck, InProject>();
  #inFiles: InFiles | undefined;
  /** how many files were looked at so far */
  checked = 0;

  /** @param definitions what checks of single files look at beside the file */
  constructor(project: ProjectIndex, checks: readonly Check[], definitions: From) {
    this.#project = project;
    this.#checks = checks;
    this.#definitions = definitions;
  }

  /** Looks at the project as a whole, a step at a time: what is asked about files then takes little of it. */
  *prepare(): Iterable<void> {
    for (const check of this.#checks) {
      if ('inProject' in check) this.#wholeOf(check);
      yield;
    }
  }

  /** The files of code, and others where something is wrong. */
  get files(): ReadonlySet<string> {
    const files = new Set(this.#facts(this.#project.all).keys());
    for (const check of this.#checks) {
      if ('inProject' in check) for (const file of this.#wholeOf(check).keys()) files.add(file);
    }
    return files;
  }

  /** What is wrong in a file, in the order of the checks. */
  of(file: string): Found {
    const facts = this.#facts(this.#project.all).get(file);
    const own = facts ? this.#inFile(facts) : NONE;
    const found = this.#checks.map((check, index) =>
      'inProject' in check ? (this.#wholeOf(check).get(file) ?? NONE) : (own[index] ?? NONE),
    );
    return found.some(({ length }) => length > 0) ? found.flat() : NONE;
  }

  #inFile(facts: FileFacts): readonly Found[] {
    // Nothing is looked at but these.
    if (facts.calls.length === 0 && facts.events.length === 0) return NONE;
    const { checks, found } = this.#begun();
    const known = found.get(facts);
    if (known) return known;
    this.checked++;
    const made = checks.map((check) => (check ? [...check(facts)] : NONE));
    const kept = made.some(({ length }) => length > 0) ? made : NONE;
    found.set(facts, kept);
    return kept;
  }

  #begun(): InFiles {
    const from = this.#definitions(this.#project);
    if (!this.#inFiles || !isSame(this.#inFiles.from, from)) {
      const checks = this.#checks.map((check) => ('inFiles' in check ? check.inFiles(this.#project) : undefined));
      this.#inFiles = { from, checks, found: new WeakMap() };
    }
    return this.#inFiles;
  }

  #wholeOf(check: WholeCheck): InProject['found'] {
    const from = check.from(this.#project);
    const known = this.#inProject.get(check);
    if (known && isSame(known.from, from)) return known.found;
    const found = Map.groupBy(check.inProject(this.#project), ({ at }) => at.file);
    this.#inProject.set(check, { from, found });
    return found;
  }
}

const isSame = (one: readonly unknown[], other: readonly unknown[]) =>
  one.every((each, index) => each === other[index]);
