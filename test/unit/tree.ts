/** Trees of files, folders and links made at random, beside a folder that must not be reached. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';

/** Names that look alike, hide, or mean something to a shell, a URL or another system. */
const NAMES = [
  'a',
  'A',
  'b',
  '.a',
  '..a',
  'a..',
  '...',
  'é',
  'e\u0301',
  'É',
  'ſ',
  's',
  'ﬁ',
  'fi',
  '‥',
  '．．',
  '%2e%2e',
  '~',
  'a b',
  ' ',
  '-',
  '*',
  '[a]',
  '\u200b',
  '\u202ea',
  '😀',
];
const name = fc.constantFrom(...NAMES);
const places = fc.array(name, { minLength: 1, maxLength: 3 });

export interface Entry {
  /** below which of the two folders it is made */
  readonly inside: boolean;
  readonly at: readonly string[];
  readonly kind: 'file' | 'folder' | 'link';
  /** for links: from where, and which way */
  readonly from: 'root' | 'outside' | 'home' | 'here' | 'system';
  readonly to: readonly string[];
}

const entry: fc.Arbitrary<Entry> = fc.record({
  inside: fc.boolean(),
  at: places,
  kind: fc.constantFrom('file', 'folder', 'link', 'link'),
  from: fc.constantFrom('root', 'outside', 'home', 'here', 'here', 'system'),
  to: fc.array(fc.oneof({ weight: 3, arbitrary: name }, fc.constantFrom('..', '.', 'root', 'outside')), {
    maxLength: 4,
  }),
});

/** Makes `root` and `outside` in `home`, and the tree in them as far as the file system lets it; what one entry is in the way of, is not made. */
function grow(home: string, entries: readonly Entry[]): void {
  mkdirSync(join(home, 'root'));
  mkdirSync(join(home, 'outside'));
  for (const { inside, at, kind, from, to } of entries) {
    const path = join(home, inside ? 'root' : 'outside', ...at);
    const starts = { root: join(home, 'root'), outside: join(home, 'outside'), home, here: '', system: '/' };
    try {
      // Made only where no link leads the making itself elsewhere.
      mkdirSync(dirname(path), { recursive: true });
      if (realpathSync(dirname(path)) !== dirname(path)) continue;
      if (kind === 'folder') mkdirSync(path);
      else if (kind === 'file') writeFileSync(path, inside ? 'inside' : 'OUTSIDE', { flag: 'wx' });
      else symlinkSync([starts[from], ...to].filter((part) => part !== '').join('/') || '.', path);
    } catch (error) {
      if (!['EEXIST', 'ENOTDIR', 'ELOOP', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: name },
  fc.constantFrom(
    '..',
    '.',
    '',
    'root',
    'outside',
    '../outside',
    '..//..',
    '\\',
    '..\\outside',
    '\0',
    'C:',
    '\ud800',
    'new',
  ),
);
const asked = fc.record({
  start: fc.constantFrom('', '', '', './', '/', '../', 'HOME/', 'ROOT/', 'ROOT/../', 'OUTSIDE/'),
  steps: fc.array(step, { maxLength: 5 }),
  end: fc.constantFrom('', '', '/', '/.', '/..'),
});

export const entries = fc.array(entry, { minLength: 4, maxLength: 24 });
export const requests = fc.array(asked, { minLength: 40, maxLength: 40 });

/** The paths to ask for: those of the tree's own entries in `root`, and whatever a page may make up. */
export function pathsOf(home: string, entries: readonly Entry[], requests: readonly Request[]): Paths {
  const own = entries.filter(({ inside }) => inside).map(({ at }) => at.join('/'));
  const others = requests.map(({ start, steps, end }) => {
    const folders = { HOME: home, ROOT: join(home, 'root'), OUTSIDE: join(home, 'outside') };
    return start.replace(/[A-Z]+/, (name) => folders[name as keyof typeof folders]) + steps.join('/') + end;
  });
  return { own, others };
}

type Request = typeof asked extends fc.Arbitrary<infer T> ? T : never;

interface Paths {
  readonly own: readonly string[];
  readonly others: readonly string[];
}

export async function withTree(entries: readonly Entry[], look: (home: string) => Promise<void>): Promise<void> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'ipc-tree-')));
  try {
    grow(home, entries);
    await look(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

export function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined; // nothing is there, or its links lead nowhere
  }
}
