/** How the files of a project are read: as Tauri does, up to the first problem, or as an editor needs it. */
import { readFileSync } from 'node:fs';
import { aboutFile, ProjectError } from './config.ts';

export interface ProjectReader {
  /** What `parse` makes of the text of a file; undefined where something is wrong with it, and that was reported. */
  read<T>(file: string, parse: (text: string) => T): T | undefined;
  /** Takes what is wrong; who calls goes on without it, unless this throws. */
  report(problem: ProjectError): void;
}

/** Throws the first problem, a {@link ProjectError}. */
export const STRICT: ProjectReader = {
  read: (file, parse) => aboutFile(file, () => parse(readFileSync(file, 'utf8'))),
  report: (problem) => {
    throw problem;
  },
};

interface Parsed {
  readonly text: string;
  /** of the last text that could be parsed */
  readonly value: unknown;
  readonly problem: ProjectError | undefined;
}

export interface ReadingReport {
  readonly problems: readonly ProjectError[];
  /** files that cannot be parsed as they are now: what is known of them, if anything, is older */
  readonly stale: ReadonlySet<string>;
}

/**
 * Reads files that are being edited, again and again. One that cannot be parsed counts as what it was before that, and one
 * that did not change is not parsed again.
 */
export class EditedFiles implements ProjectReader {
  readonly #textOf: (file: string) => string;
  readonly #parsed = new Map<string, Parsed>();
  #problems: ProjectError[] = [];
  #stale = new Set<string>();

  /** @param textOf the text of a file: of the editor, or else as on disk. Throws where there is none. */
  constructor(textOf: (file: string) => string) {
    this.#textOf = textOf;
  }

  read<T>(file: string, parse: (text: string) => T): T | undefined {
    const parsed = this.#parse(file, parse);
    if (parsed.problem) {
      this.report(parsed.problem);
      this.#stale.add(file);
    }
    return parsed.value as T | undefined;
  }

  #parse(file: string, parse: (text: string) => unknown): Parsed {
    const known = this.#parsed.get(file);
    let parsed: Parsed;
    try {
      const text = aboutFile(file, () => this.#textOf(file));
      if (known?.text === text) return known;
      try {
        parsed = { text, value: aboutFile(file, () => parse(text)), problem: undefined };
      } catch (error) {
        parsed = { text, value: known?.value, problem: problemOf(error) };
      }
    } catch (error) {
      return { text: '', value: known?.value, problem: problemOf(error) };
    }
    this.#parsed.set(file, parsed);
    return parsed;
  }

  report(problem: ProjectError): void {
    this.#problems.push(problem);
  }

  /** What was wrong since this was asked last. */
  takeReport(): ReadingReport {
    const report = { problems: this.#problems, stale: this.#stale };
    this.#problems = [];
    this.#stale = new Set();
    return report;
  }
}

function problemOf(error: unknown): ProjectError {
  if (error instanceof ProjectError) return error;
  throw error;
}
