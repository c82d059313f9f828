/** Whether labels and addresses fit what a capability names. Everything is compiled once, and answers are remembered. */
import { Glob } from './glob.ts';
import type { Context } from './resolve.ts';
import { UrlPattern } from './url-pattern.ts';

/** Where a page comes from: the app itself, or a URL. The host says it, never the page. */
export type Origin = 'local' | { readonly remote: string };

/** Labels and addresses of one app are few; a page that changes its address without end must not fill the memory. */
const MAX_REMEMBERED = 1000;

/** Answers of `test`, remembered. */
class Memory {
  readonly #test: (text: string) => boolean;
  readonly #answers = new Map<string, boolean>();

  constructor(test: (text: string) => boolean) {
    this.#test = test;
  }

  ask(text: string): boolean {
    const known = this.#answers.get(text);
    if (known !== undefined) return known;
    if (this.#answers.size >= MAX_REMEMBERED) this.#answers.clear();
    const answer = this.#test(text);
    this.#answers.set(text, answer);
    return answer;
  }
}

/** The labels that a capability names. */
export interface Labels {
  /** a pattern of `webviews` fits the webview, or one of `windows` the window */
  match(window: string, webview: string): boolean;
}

/** Compiles what capabilities name; the same text is compiled once. */
export class ReachCompiler {
  readonly #lists = new Map<string, Memory>();
  readonly #patterns = new Map<string, Memory | undefined>();

  labels({ windows, webviews }: { readonly windows: readonly string[]; readonly webviews: readonly string[] }): Labels {
    const ofWindows = this.#list(windows);
    const ofWebviews = this.#list(webviews);
    return { match: (window, webview) => ofWebviews.ask(webview) || ofWindows.ask(window) };
  }

  /**
   * A test of origins: a local page never fits a pattern, a remote one never `local`.
   *
   * @param broken the answer for remote pages where the pattern is none; a denial then holds for all of them
   */
  context(context: Context, broken = false): (origin: Origin) => boolean {
    if (context === 'local') return (origin) => origin === 'local';
    const pattern = this.#pattern(context.remote);
    return (origin) => origin !== 'local' && (pattern ? pattern.ask(origin.remote) : broken);
  }

  #list(patterns: readonly string[]): Memory {
    const key = JSON.stringify(patterns);
    const known = this.#lists.get(key);
    if (known) return known;
    const globs = patterns.map((pattern) => new Glob(pattern));
    const made = new Memory((label) => globs.some((glob) => glob.matches(label)));
    this.#lists.set(key, made);
    return made;
  }

  #pattern(text: string): Memory | undefined {
    if (this.#patterns.has(text)) return this.#patterns.get(text);
    const pattern = compiled(text);
    const made = pattern && new Memory((url) => pattern.matches(url));
    this.#patterns.set(text, made);
    return made;
  }
}

function compiled(text: string): UrlPattern | undefined {
  try {
    return new UrlPattern(text);
  } catch {
    // Resolving reported it; only denials keep such a pattern.
    return undefined;
  }
}
