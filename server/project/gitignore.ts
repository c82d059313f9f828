/** What `.gitignore` files leave out: git's own rules, without the index. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Glob, type GlobOptions } from '#core/acl/glob.ts';
import { isElsewhere } from './files.ts';

const OPTIONS: GlobOptions = { separator: true, leadingDot: false };

interface Rule {
  readonly glob: Glob;
  /** a pattern with `!`: what it matches is kept after all */
  readonly keeps: boolean;
  /** matches names at any depth, not paths */
  readonly byName: boolean;
  /** a pattern that ends with `/` */
  readonly onlyFolders: boolean;
}

/** The rules of one `.gitignore` for the folders below it. */
export class GitIgnore {
  readonly #rules: readonly Rule[];

  constructor(text: string) {
    this.#rules = text.split(/\r?\n/).flatMap((line) => ruleOf(line));
  }

  /**
   * What the rules say of a folder or a file; undefined where they say nothing of it.
   *
   * @param path relative to the folder of the `.gitignore`, with `/`
   */
  ignores(path: string, isFolder: boolean): boolean | undefined {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const rule = this.#rules.findLast(
      ({ glob, byName, onlyFolders }) => (isFolder || !onlyFolders) && glob.matches(byName ? name : path, OPTIONS),
    );
    return rule && !rule.keeps;
  }
}

function ruleOf(line: string): Rule[] {
  const text = line.replace(/(?<!\\) +$/, '');
  if (text === '' || text.startsWith('#')) return [];
  const keeps = text.startsWith('!');
  const written = keeps ? text.slice(1) : text;
  const pattern = written.replace(/\/$/, '');
  const byName = !pattern.includes('/');
  const literal = pattern
    .replace(/^\//, '')
    .replace(/\\(.)/g, (_all, char: string) => ('*?['.includes(char) ? `[${char}]` : char));
  try {
    return [{ glob: new Glob(literal), keeps, byName, onlyFolders: pattern !== written }];
  } catch {
    return []; // git takes a pattern that is none for one that matches nothing
  }
}

/** Rules, and the folder that their paths are relative to. */
export interface Ignores {
  readonly folder: string;
  readonly rules: GitIgnore;
}

/** The rules that a folder has for what is in it. `files`: those that it has. */
export async function ignoresOf(
  folder: string,
  files: ReadonlySet<string>,
  names: readonly string[],
): Promise<readonly Ignores[]> {
  const texts = await Promise.all(names.filter((name) => files.has(name)).map((name) => textOf(join(folder, name))));
  return texts.map((text) => ({ folder, rules: new GitIgnore(text) }));
}

/**
 * The rules that come from outside of a folder: those of the repository that it is in. None where the folder itself is
 * left out, for then who opened it wants it all the same.
 */
export async function ignoresAbove(folder: string): Promise<readonly Ignores[]> {
  const above: string[] = [];
  for (let at = resolve(folder); ; at = dirname(at)) {
    const git = await gitFolder(at);
    if (git !== undefined) {
      const exclude = { folder: at, rules: new GitIgnore(await textOf(join(git, 'info', 'exclude'))) };
      const files = new Set(['.gitignore']);
      const rules = await Promise.all(above.reverse().map((each) => ignoresOf(each, files, ['.gitignore'])));
      const all = [exclude, ...rules.flat()];
      return isIgnored(folder, true, all) ? [] : all;
    }
    if (dirname(at) === at) return [];
    above.push(dirname(at));
  }
}

/** Whether rules leave out what is at a path; those of the nearest folder, which are the last, decide. */
export function isIgnored(path: string, isFolder: boolean, ignores: readonly Ignores[]): boolean {
  for (const { folder, rules } of ignores.toReversed()) {
    const said = rules.ignores(relative(folder, path).split(sep).join('/'), isFolder);
    if (said !== undefined) return said;
  }
  return false;
}

/** Where git keeps what is about a work tree, of linked ones that of the first; undefined where `folder` is the top of none. */
async function gitFolder(folder: string): Promise<string | undefined> {
  const git = join(folder, '.git');
  const found = await stat(git).catch(() => undefined);
  if (!found?.isFile()) return found && git;
  const own = /^gitdir: (.+)$/m.exec(await textOf(git))?.[1];
  if (own === undefined) return undefined;
  const linked = resolve(folder, own);
  if (isElsewhere(linked, folder)) return undefined;
  const common = resolve(linked, (await textOf(join(linked, 'commondir'))).trim());
  return isElsewhere(common, folder) ? undefined : common;
}

const textOf = (file: string) => readFile(file, 'utf8').catch(() => '');
