/** Paths into what a record holds, as filters and columns have them: `args.user.name`, `result.items[*].id`, `data["a key"]`. */
import { PATH_ROOTS, type PathRoot, type PathStep } from './ast.ts';
import { Scanner } from './scanner.ts';

export interface Path {
  readonly root: PathRoot;
  readonly steps: readonly PathStep[];
}

// Sticky: they are tried at one place.
const ROOT = new RegExp(PATH_ROOTS.join('|'), 'y');
const MEMBER = /\.([^\s.[\]()":=!~<>,]+)/y;
const ANYWHERE = /\.\.([^\s.[\]()":=!~<>,]+)/y;
const ELEMENT = /\[(\d{1,9})\]/y;
const QUOTED_MEMBER = /\[("(?:[^"\\]|\\.)*")\]/y;
const ALL = /\[\*\]/y;

/** What a text means as a path and nothing else; undefined where it is none. */
export function parsePath(text: string): Path | undefined {
  const scanner = new Scanner(text.trim());
  const path = readPath(scanner);
  return scanner.isAtEnd ? path : undefined;
}

/** Reads the path that begins here, and goes behind it; stays where none does. */
export function readPath(scanner: Scanner): Path | undefined {
  const root = scanner.peek(ROOT)?.[0] as PathRoot | undefined;
  if (root === undefined) return undefined;
  scanner.at += root.length;
  const steps: PathStep[] = [];
  for (let step = readStep(scanner); step; step = readStep(scanner)) steps.push(step);
  return { root, steps };
}

function readStep(scanner: Scanner): PathStep | undefined {
  const found = (pattern: RegExp) => {
    const match = scanner.peek(pattern);
    if (match) scanner.at += match[0].length;
    return match;
  };
  const anywhere = found(ANYWHERE)?.[1];
  if (anywhere !== undefined) return { kind: 'anywhere', name: anywhere };
  const member = found(MEMBER)?.[1];
  if (member !== undefined) return { kind: 'member', name: member };
  const element = found(ELEMENT)?.[1];
  if (element !== undefined) return { kind: 'element', index: Number(element) };
  if (found(ALL)) return { kind: 'all' };
  const quoted = scanner.peek(QUOTED_MEMBER)?.[1];
  const name = quoted === undefined ? undefined : memberName(quoted);
  if (name === undefined) return undefined;
  found(QUOTED_MEMBER);
  return { kind: 'member', name };
}

function memberName(json: string): string | undefined {
  try {
    return JSON.parse(json) as string;
  } catch {
    return undefined;
  }
}
