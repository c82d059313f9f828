/** The page's end of the test that calls every exported function of a plugin's npm package. Runs in the panel. */

/** How a case ended: the function did what it says, or was refused in the documented words. */
export type Outcome =
  | { readonly kind: 'works' }
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'wrong'; readonly text: string };

/** What the test gives to all cases. */
export interface Given {
  /** `http://127.0.0.1:<port>` of the test's server */
  readonly server: string;
  /** a folder that the scopes allow */
  readonly folder: string;
}

/** What {@link refused} gives back, for the case to return. */
export interface Refusal {
  readonly refusal: string;
}

export type Case = (given: Given) => Promise<Refusal | void> | Refusal | void;

export interface PluginCases {
  /** the functions, and the methods of the classes, that the package exports */
  readonly exports: readonly string[];
  readonly cases: Readonly<Record<string, Case>>;
}

/** @param cases by the name of what they call: `open`, `Store.load` of a class, `Store#get` of its objects */
export function pluginCases(namespace: object, cases: Readonly<Record<string, Case>>): PluginCases {
  return { exports: Object.entries(namespace).flatMap(([name, value]) => functionsOf(name, value)), cases };
}

function functionsOf(name: string, value: unknown): string[] {
  if (typeof value !== 'function') return [];
  if (!/^class\b/.test(Function.prototype.toString.call(value))) return [name];
  const functions = (object: object) =>
    Object.entries(Object.getOwnPropertyDescriptors(object))
      .filter(([key, { value: member }]) => key !== 'constructor' && typeof member === 'function')
      .map(([key]) => key);
  const ofObjects = functions(value.prototype as object).map((key) => `${name}#${key}`);
  return [...functions(value).map((key) => `${name}.${key}`), ...ofObjects];
}

export async function runCase(run: Case, given: Given): Promise<Outcome> {
  try {
    const refusal = await run(given);
    return refusal ? { kind: 'refused', text: refusal.refusal } : { kind: 'works' };
  } catch (error) {
    return { kind: 'wrong', text: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) };
  }
}

/** Compares what JSON knows of two values. */
export function equal(actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`is ${is}, should be ${should}`);
}

export function ok(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`not true: ${what}`);
}

/** The call must be refused, with a text that has these words in it. */
export async function refused(call: () => Promise<unknown>, words: string): Promise<Refusal> {
  let result: unknown;
  try {
    result = await call();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (!text.includes(words)) throw new Error(`refused with "${text}", not with "${words}"`, { cause: error });
    return { refusal: text };
  }
  throw new Error(`was not refused, but gave ${JSON.stringify(result)}`);
}

/** Waits for what a listener is told; the test's own limit ends it. */
export function heard<T>(): { readonly promise: Promise<T>; readonly tell: (value: T) => void } {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { promise, tell: resolve };
}

export const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
export const bytes = (words: string) => new TextEncoder().encode(words);
