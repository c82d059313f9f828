/** Paths into what a record holds, as people write them: `args.user.name`, `result.items[0]`, `data["a key"]`, `args.tags[*]`. */
import { type Body, bodyText, loadBody, type MessageRecord } from './record.ts';

const ROOTS = ['args', 'result', 'error', 'data', 'body'] as const;

export interface JsonPath {
  readonly root: (typeof ROOTS)[number];
  /** names, indexes, and `*` for all items */
  readonly steps: readonly (string | number | typeof ALL)[];
}

const ALL = Symbol('all items');
/** What `[*]` collects at most. */
const MOST_ITEMS = 20;

/** Reads a path; undefined where it is none. */
export function parseJsonPath(text: string): JsonPath | undefined {
  const [, name, rest = ''] = /^([a-z]+)(.*)$/s.exec(text.trim()) ?? [];
  const root = ROOTS.find((each) => each === name);
  if (!root) return undefined;
  const steps: JsonPath['steps'][number][] = [];
  const step = /\.([^.[\]"]+)|\[(\d+)\]|\[(\*)\]|\[("(?:[^"\\]|\\.)*")\]/y;
  while (step.lastIndex < rest.length) {
    const [, name, index, all, quoted] = step.exec(rest) ?? [];
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
    else if (all !== undefined) steps.push(ALL);
    else if (quoted !== undefined) steps.push(unquoted(quoted));
    else return undefined;
  }
  return { root, steps };
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}

/** What stands at a path, as one line of at most `length` characters; undefined where there is nothing. */
export function textAtPath(record: MessageRecord, { root, steps }: JsonPath, length: number): string | undefined {
  const value = steps.reduce<unknown>(stepInto, rootValue(record, root));
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function rootValue(record: MessageRecord, root: JsonPath['root']): unknown {
  const isCall = record.kind === 'invoke';
  const isRefused = record.status !== 'ok';
  switch (root) {
    case 'args':
      return isCall ? valueOf(record.body) : undefined;
    case 'result':
      return isRefused ? undefined : valueOf(record.outcome);
    case 'error':
      return isRefused ? valueOf(record.outcome) : undefined;
    case 'data':
      return isCall ? undefined : valueOf(record.body);
    case 'body':
      return valueOf(record.body);
  }
}

function valueOf(kept: Body | undefined): unknown {
  const body = kept && loadBody(kept);
  if (body?.kind === 'json') return body.value;
  return body?.kind === 'text' ? JSON.parse(bodyText(body)) : undefined;
}

function stepInto(value: unknown, step: JsonPath['steps'][number]): unknown {
  if (step === ALL) return Array.isArray(value) ? value.slice(0, MOST_ITEMS) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  // Of lists that `[*]` opened: what each item has there.
  if (Array.isArray(value) && typeof step === 'string' && step !== 'length') {
    const found = value.map((item) => stepInto(item, step)).filter((each) => each !== undefined);
    return found.length === 0 ? undefined : found;
  }
  return Object.hasOwn(value, step) ? (value as Record<string | number, unknown>)[step] : undefined;
}
