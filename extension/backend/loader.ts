/** Loads the user's TypeScript without a build: module hooks of the backend process. */
import { readFileSync } from 'node:fs';
import * as module from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isFile } from '#server/project/files.ts';
import { hashOf } from './files.ts';
import type { LoadedFile } from './protocol.ts';

/** A file of the project could not be read as TypeScript or JSON; knows where. */
export class SourceError extends Error {
  readonly file: string;
  readonly line: number;
  readonly column: number;

  constructor(message: string, file: string, line: number, column: number) {
    super(message);
    this.file = file;
    this.line = line;
    this.column = column;
  }
}

/** An import that leads nowhere. */
export class MissingImport extends Error {
  readonly specifier: string;
  /** the file that imports it */
  readonly importer: string | undefined;

  constructor(specifier: string, importer: string | undefined, cause: unknown) {
    const hint = isPackage(specifier) ? ' Install it in the project.' : '';
    super(`Cannot find ${isPackage(specifier) ? 'package' : 'file'} "${specifier}".${hint}`, { cause });
    this.specifier = specifier;
    this.importer = importer;
  }
}

/** What TypeScript and bundlers accept for `./name` and `./name.js`, in the order in which it is tried. */
const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs', '.cts', '.cjs', '.json'];
const WRITTEN_AS: Record<string, readonly string[]> = { '.js': ['.ts'], '.mjs': ['.mts'], '.cjs': ['.cts'] };
const TYPESCRIPT = /\.[mc]?ts$/;

export class Loader {
  /** the file that exports the app */
  readonly entry: string;
  readonly #dist: string;
  readonly #files = new Map<string, string>();
  readonly #missing = new Set<string>();
  /** whose zod the library uses; undefined until it was looked for */
  #libraryZod: string | undefined;
  /** called when a file was loaded or an import failed */
  onChange: () => void = () => undefined;

  /** @param dist the URL of the folder of the bundles, with a slash at its end */
  constructor(entry: string, dist: string) {
    this.entry = entry;
    this.#dist = dist;
  }

  /** The files of the project that were loaded so far. */
  get files(): LoadedFile[] {
    return [...this.#files].map(([path, hash]) => ({ path, hash }));
  }

  /** Where a file that an import asked for would have to be. */
  get missing(): string[] {
    return [...this.#missing];
  }

  /** Registers the hooks; all that is imported from now on goes through them. */
  register(): void {
    module.registerHooks({
      resolve: (specifier, context, next) => this.#resolve(specifier, context, next),
      load: (url, context, next) => this.#load(url, context, next),
    });
  }

  #resolve(
    specifier: string,
    context: module.ResolveHookContext,
    next: (specifier: string, context?: Partial<module.ResolveHookContext>) => module.ResolveFnOutput,
  ): module.ResolveFnOutput {
    if (specifier === 'ipc-workbench') return { url: `${this.#dist}ipc-workbench.mjs`, shortCircuit: true };
    if (specifier === 'zod' || specifier.startsWith('zod/')) return this.#resolveZod(specifier, context, next);
    try {
      return next(specifier, context);
    } catch (error) {
      const found = isPackage(specifier) ? undefined : this.#findFile(specifier, context.parentURL);
      if (found !== undefined) return next(found, context);
      if (!isNotFound(error)) throw error;
      throw new MissingImport(specifier, context.parentURL && filePath(context.parentURL), error);
    }
  }

  /** The project's own zod, or ours; the library takes the same one, so that a channel may stand inside of an object. */
  #resolveZod(
    specifier: string,
    context: module.ResolveHookContext,
    next: (specifier: string, context?: Partial<module.ResolveHookContext>) => module.ResolveFnOutput,
  ): module.ResolveFnOutput {
    if (context.parentURL?.startsWith(this.#dist)) {
      this.#libraryZod ??= this.#chooseZod(
        (name) => next(name, { ...context, parentURL: pathToFileURL(this.entry).href }).url,
      );
      return { url: this.#libraryZod, shortCircuit: true };
    }
    try {
      return next(specifier, context);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      if (specifier === 'zod' || specifier === 'zod/v4') return { url: `${this.#dist}zod.mjs`, shortCircuit: true };
      throw new MissingImport(specifier, context.parentURL && filePath(context.parentURL), error);
    }
  }

  #chooseZod(resolve: (specifier: string) => string): string {
    const own = `${this.#dist}zod.mjs`;
    try {
      const url = resolve('zod');
      // zod 3 lacks what the library needs; from 3.25 on it carries version 4 beside it.
      return packageVersion(filePath(url) ?? '').startsWith('3.') ? resolve('zod/v4') : url;
    } catch {
      // The project has no zod, or an old one.
      return own;
    }
  }

  /** Finds `./name` and `./name.js` as TypeScript does; remembers what would have been right where it finds nothing. */
  #findFile(specifier: string, parent: string | undefined): string | undefined {
    const url = URL.canParse(specifier, parent) ? new URL(specifier, parent) : undefined;
    if (url?.protocol !== 'file:') return undefined;
    const path = fileURLToPath(url);
    const extension = /\.[^./\\]+$/.exec(path)?.[0] ?? '';
    const candidates = [
      ...(WRITTEN_AS[extension] ?? []).map((other) => path.slice(0, -extension.length) + other),
      ...EXTENSIONS.map((other) => path + other),
      ...EXTENSIONS.map((other) => join(path, `index${other}`)),
    ];
    const found = candidates.find(isFile);
    if (found !== undefined) return pathToFileURL(found).href + url.search;
    for (const candidate of [path, ...candidates]) this.#missing.add(candidate);
    this.onChange();
    return undefined;
  }

  #load(
    url: string,
    context: module.LoadHookContext,
    next: (url: string, context?: Partial<module.LoadHookContext>) => module.LoadFnOutput,
  ): module.LoadFnOutput {
    const path = filePath(url);
    if (path === undefined || url.startsWith(this.#dist)) return next(url, context);
    const ours = !path.includes(`${sep}node_modules${sep}`);
    if (TYPESCRIPT.test(path)) {
      const source = readFileSync(path, 'utf8');
      if (ours) this.#remember(path, source);
      const format = path.endsWith('.cts') ? 'commonjs' : 'module';
      return { format, source: stripTypes(source, path), shortCircuit: true };
    }
    if (!ours) return next(url, context);
    if (path.endsWith('.json') && context.importAttributes?.type === undefined && !isRequire(context)) {
      const source = readFileSync(path, 'utf8');
      this.#remember(path, source);
      return { format: 'module', source: `export default ${checkedJson(source, path)};`, shortCircuit: true };
    }
    const loaded = next(url, context);
    this.#remember(path, loaded.source ?? readFileSync(path));
    return loaded;
  }

  #remember(path: string, source: string | ArrayBuffer | NodeJS.TypedArray): void {
    this.#files.set(path, hashOf(typeof source === 'string' ? source : toBytes(source)));
    this.onChange();
  }
}

function toBytes(source: ArrayBuffer | NodeJS.TypedArray): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

/**
 * Removes types and keeps every position, so that breakpoints and stacks are right as they are. Enums, namespaces and
 * parameter properties need code of their own: such a file gets a source map instead.
 */
export function stripTypes(source: string, path: string): string {
  try {
    return module.stripTypeScriptTypes(source, { mode: 'strip' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') throw sourceError(error, path);
  }
  try {
    process.setSourceMapsEnabled(true);
    return module.stripTypeScriptTypes(source, {
      mode: 'transform',
      sourceMap: true,
      sourceUrl: pathToFileURL(path).href,
    });
  } catch (error) {
    throw sourceError(error, path);
  }
}

/** Node tells the place only inside of the stack: `<url>:<line>`, the line, and a caret below the column. */
function sourceError(error: unknown, path: string): unknown {
  const { stack = '', message, code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_NO_TYPESCRIPT') {
    return new SourceError('This Node was built without TypeScript: write the backend in JavaScript.', path, 1, 1);
  }
  const place = placeInHead(stack);
  return place ? new SourceError(`Syntax error: ${message}`, path, place.line, place.column) : error;
}

/** Reads a stack that begins with `<file>:<line>`, some lines of code, and a caret below the column. */
export function placeInHead(stack: string): { file: string; line: number; column: number } | undefined {
  const lines = stack.split('\n');
  const head = /^(.*):(\d+)$/.exec(lines[0] ?? '');
  const caret = lines.find((text) => /^\s*\^+\s*$/.test(text))?.indexOf('^');
  return head ? { file: head[1] as string, line: Number(head[2]), column: (caret ?? 0) + 1 } : undefined;
}

function checkedJson(source: string, path: string): string {
  try {
    return JSON.stringify(JSON.parse(source));
  } catch (error) {
    const position = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? 0);
    const before = source.slice(0, position).split('\n');
    throw new SourceError(
      `Syntax error: ${(error as Error).message}`,
      path,
      before.length,
      (before.at(-1)?.length ?? 0) + 1,
    );
  }
}

function filePath(url: string): string | undefined {
  return url.startsWith('file:') ? fileURLToPath(url) : undefined;
}

function isPackage(specifier: string): boolean {
  return !/^(\.{0,2}\/|\.{1,2}$|file:)/.test(specifier);
}

function isNotFound(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_UNSUPPORTED_DIR_IMPORT' || code === 'MODULE_NOT_FOUND';
}

function isRequire(context: module.LoadHookContext): boolean {
  return (context.conditions as readonly string[] | undefined)?.includes('require') ?? false;
}

function packageVersion(file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (manifest.name === 'zod') return manifest.version ?? '';
    } catch {
      // Not every folder has a manifest.
    }
  }
  return '';
}
