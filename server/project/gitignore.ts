/** What `.gitignore` files leave out, as far as looking for projects needs it: git's own rules, without the index. */
import { Glob, type GlobOptions } from '#core/acl/glob.ts';

const OPTIONS: GlobOptions = { separator: true, leadingDot: false };

interface Rule {
  readonly glob: Glob;
  /** a pattern with `!`: what it matches is kept after all */
  readonly keeps: boolean;
  /** matches names at any depth, not paths */
  readonly byName: boolean;
}

/** The rules of one `.gitignore` for the folders below it. */
export class GitIgnore {
  readonly #rules: readonly Rule[];

  constructor(text: string) {
    this.#rules = text.split(/\r?\n/).flatMap((line) => ruleOf(line));
  }

  /**
   * What the rules say of a folder; undefined where they say nothing of it.
   *
   * @param path relative to the folder of the `.gitignore`, with `/`
   */
  ignores(path: string): boolean | undefined {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const rule = this.#rules.findLast(({ glob, byName }) => glob.matches(byName ? name : path, OPTIONS));
    return rule && !rule.keeps;
  }
}

function ruleOf(line: string): Rule[] {
  const text = line.replace(/(?<!\\) +$/, '');
  if (text === '' || text.startsWith('#')) return [];
  const keeps = text.startsWith('!');
  const pattern = (keeps ? text.slice(1) : text).replace(/\/$/, '');
  const byName = !pattern.includes('/');
  const literal = pattern
    .replace(/^\//, '')
    .replace(/\\(.)/g, (_all, char: string) => ('*?['.includes(char) ? `[${char}]` : char));
  try {
    return [{ glob: new Glob(literal), keeps, byName }];
  } catch {
    return []; // git takes a pattern that is none for one that matches nothing
  }
}
