/** What a record holds, as filters ask for it: fetched, written out and parsed at most once for each record. */
import { type Body, bodyPreview, bodyText, loadBody, type MessageRecord } from '../record.ts';
import type { PathRoot, PathStep } from './ast.ts';
import type { Path } from './path.ts';

export class Contents {
  readonly #record: MessageRecord;
  readonly #loaded = new Map<Body, Exclude<Body, { kind: 'spilled' }>>();
  readonly #texts = new Map<Body, string>();
  readonly #values = new Map<Body, unknown>();

  constructor(record: MessageRecord) {
    this.#record = record;
  }

  /** The bodies that a path's first word means. */
  bodies(root: PathRoot): readonly Body[] {
    const { kind, status, body, outcome } = this.#record;
    const isCall = kind === 'invoke';
    switch (root) {
      case 'args':
        return isCall ? [body] : [];
      case 'data':
        return isCall ? [] : [body];
      case 'result':
        return outcome && status === 'ok' ? [outcome] : [];
      case 'error':
        return outcome && status !== 'ok' ? [outcome] : [];
      case 'body':
        return outcome ? [body, outcome] : [body];
    }
  }

  load(body: Body): Exclude<Body, { kind: 'spilled' }> {
    let loaded = this.#loaded.get(body);
    if (!loaded) {
      loaded = loadBody(body);
      this.#loaded.set(body, loaded);
    }
    return loaded;
  }

  /** What is searched for words: the JSON, or what stands in the list for what is none. */
  text(body: Body): string {
    let text = this.#texts.get(body);
    if (text === undefined) {
      const loaded = this.load(body);
      text = loaded.kind === 'text' || loaded.kind === 'json' ? bodyText(loaded) : bodyPreview(loaded);
      this.#texts.set(body, text);
    }
    return text;
  }

  /** Its JSON value; undefined for bytes and what is not kept. */
  value(body: Body): unknown {
    if (!this.#values.has(body)) this.#values.set(body, this.#parse(body));
    return this.#values.get(body);
  }

  /** Whether a path leads to a value that passes. */
  some(body: Body, steps: readonly PathStep[], test: (value: unknown) => boolean): boolean {
    const loaded = this.load(body);
    if (loaded.kind !== 'text' && loaded.kind !== 'json') return false;
    if (loaded.kind === 'text' && !mayLead(loaded.json, steps)) return false;
    const value = this.value(body);
    return value !== undefined && leads(value, steps, 0, test);
  }

  /** What stands at a path, the first `most` of it. */
  values({ root, steps }: Path, most = Number.POSITIVE_INFINITY): unknown[] {
    const values: unknown[] = [];
    const take = (value: unknown) => values.push(value) >= most;
    this.bodies(root).some((body) => this.some(body, steps, take));
    return values;
  }

  #parse(body: Body): unknown {
    const loaded = this.load(body);
    if (loaded.kind === 'json') return loaded.value;
    if (loaded.kind !== 'text') return undefined;
    try {
      return JSON.parse(loaded.json);
    } catch {
      // Text of another extension's webview, or of a peer that writes no JSON.
      return undefined;
    }
  }
}

/** Parsing costs most: a text without the path's names is not parsed. */
function mayLead(json: string, steps: readonly PathStep[]): boolean {
  return (
    json.includes('\\') ||
    steps.every((step) => (step.kind === 'member' || step.kind === 'anywhere' ? json.includes(step.name) : true))
  );
}

function leads(value: unknown, steps: readonly PathStep[], from: number, test: (value: unknown) => boolean): boolean {
  const step = steps[from];
  if (!step) return test(value);
  switch (step.kind) {
    case 'member':
      return isObject(value) && Object.hasOwn(value, step.name) && leads(value[step.name], steps, from + 1, test);
    case 'element':
      return Array.isArray(value) && step.index < value.length && leads(value[step.index], steps, from + 1, test);
    case 'all':
      return isObject(value) && Object.values(value).some((inner) => leads(inner, steps, from + 1, test));
    case 'anywhere':
      return everywhere(value, (inner) =>
        Object.hasOwn(inner, step.name) ? leads(inner[step.name], steps, from + 1, test) : false,
      );
  }
}

type Holder = Readonly<Record<string, unknown>>;

/** Without recursion: values of pages may be nested deeper than the stack, and a handler may have closed a circle. */
function everywhere(value: unknown, test: (inner: Holder) => boolean): boolean {
  const seen = new Set<unknown>();
  const waiting = [value];
  while (waiting.length > 0) {
    const inner = waiting.pop();
    if (!isObject(inner) || seen.has(inner)) continue;
    seen.add(inner);
    if (test(inner)) return true;
    // The last is taken first: what is found has the order in which it stands.
    for (const next of Object.values(inner).reverse()) if (isObject(next)) waiting.push(next);
  }
  return false;
}

const isObject = (value: unknown): value is Holder => typeof value === 'object' && value !== null;
