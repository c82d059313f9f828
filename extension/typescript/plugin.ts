/**
 * A plugin of TypeScript's server: gives handlers, and pages that take types from them, the types of what the extension
 * provides at run time. Whatever the project has itself comes first.
 *
 * It sees every TypeScript project of the editor, so it does nothing where none of ours is at work, and it never throws.
 */
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import type * as typescript from 'typescript';

type TypeScript = typeof typescript;
type Host = typescript.LanguageServiceHost;
/** With what its declarations leave out. */
type Project = typescript.server.Project & { markAsDirty?(): void };
type Resolution = typescript.ResolvedModuleWithFailedLookupLocations;

/** As npm would lay them out: what they import from each other is found without us. */
const PACKAGES = join(__dirname, 'types', 'node_modules').replaceAll('\\', '/');
const LIBRARY = `${PACKAGES}/ipc-workbench/`;

/** What the backend process provides (extension/backend/loader.ts). */
const PROVIDED: Readonly<Record<string, string>> = {
  'ipc-workbench': `${LIBRARY}index.d.ts`,
  zod: `${PACKAGES}/zod/index.d.ts`,
  'zod/v4': `${PACKAGES}/zod/v4/index.d.ts`,
};

export function init({ typescript: ts }: { typescript: TypeScript }): typescript.server.PluginModule {
  return {
    create({ languageService, languageServiceHost, project }) {
      try {
        provideTypes(ts, languageServiceHost, project);
      } catch (error) {
        project.projectService.logger.info(`ipc-workbench: ${String(error)}`);
      }
      return languageService;
    },
  };
}

function provideTypes(ts: TypeScript, host: Host, project: Project): void {
  const resolve = host.resolveModuleNameLiterals?.bind(host);
  if (!resolve) return; // TypeScript 4
  const roots = host.getScriptFileNames.bind(host);
  const settings = host.getCompilationSettings.bind(host);
  const inferred = project.projectKind === ts.server.ProjectKind.Inferred;
  /** a file of handlers in the program; no root where a page takes types from it */
  let imported: string | undefined;
  /** a file that imports the library: whose zod the library's types are about */
  let importer: string | undefined;

  host.resolveModuleNameLiterals = (literals, file, redirect, options, ...rest) => {
    const found = resolve(literals, file, redirect, options, ...rest);
    return orElse(found, () => {
      if (imported === undefined && isHandlers(file)) {
        imported = file;
        if (!roots().some(isHandlers)) project.markAsDirty?.(); // once more, with the settings for handlers
      }
      if (file.startsWith(LIBRARY)) return found.map((each, i) => librarys(literals[i]?.text, options) ?? each);
      if (found.every(isResolved)) return found;
      if (literals.some(({ text }) => text === 'ipc-workbench')) importer = file;
      const handlers = isHandlers(file) || importer === file;
      return found.map((each, i) => (isResolved(each) ? each : (provided(literals[i]?.text, file, handlers) ?? each)));
    });
  };

  host.getScriptFileNames = () => {
    const files = roots();
    return orElse(files, () => {
      const handlers = files.find(isHandlers) ?? imported;
      return handlers === undefined ? files : [...new Set([...files, nodeTypes(handlers, files)])];
    });
  };

  /** What was made of which settings: the same object as long as nothing changes, else the program is made anew. */
  let made:
    | { readonly of: typescript.CompilerOptions; readonly alone: boolean; readonly options: typescript.CompilerOptions }
    | undefined;
  host.getCompilationSettings = () => {
    const options = settings();
    return orElse(options, () => {
      const files = inferred ? roots() : [];
      if (!inferred || (imported === undefined && !files.some(isHandlers))) return options;
      const alone = onlyHandlers(files);
      if (made?.of !== options || made.alone !== alone) {
        made = { of: options, alone, options: { ...options, ...asTheyRun(ts, alone) } };
      }
      return made.options;
    });
  };

  const provided = (name = '', file: string, handlers: boolean): Resolution | undefined => {
    if (handlers && isBuiltin(name)) return resolution(ts, nodeTypes(file, roots()));
    const types = handlers || name === 'ipc-workbench' ? PROVIDED[name] : undefined;
    return types === undefined ? undefined : resolution(ts, types);
  };

  /** The library's schemas must be those of the zod that its user has. */
  const librarys = (name: string | undefined, options: typescript.CompilerOptions): Resolution | undefined => {
    if (name !== 'zod' || importer === undefined) return undefined;
    const find = (zod: string) =>
      ts.resolveModuleName(zod, importer as string, options, host as typescript.ModuleResolutionHost);
    const own = find('zod');
    const zod = own.resolvedModule?.packageId?.version.startsWith('3.') ? find('zod/v4') : own;
    return isResolved(zod) ? zod : undefined;
  };

  /**
   * Node's types: the project's own, or ours. Where pages are in the same program, the timers are left to the browser's
   * types: `setTimeout` gives a number there.
   */
  const nodeTypes = (file: string, files: readonly string[]): string => {
    const own = ts.resolveTypeReferenceDirective(
      'node',
      file,
      { typeRoots: [] },
      host as typescript.ModuleResolutionHost,
    );
    return (
      own.resolvedTypeReferenceDirective?.resolvedFileName ??
      `${PACKAGES}/@types/node/${onlyHandlers(files) ? 'index' : 'beside-pages'}.d.ts`
    );
  };
}

/** Files without a tsconfig.json, checked as the backend process runs them; a browser is only there for pages. */
const asTheyRun = (ts: TypeScript, alone: boolean): typescript.CompilerOptions => ({
  target: ts.ScriptTarget.ESNext,
  lib: [alone ? 'lib.esnext.d.ts' : 'lib.esnext.full.d.ts'],
  module: ts.ModuleKind.Preserve ?? ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  noEmit: true,
});

/** Whatever fails here, the editor goes on as if we were not there. */
function orElse<T>(value: T, run: () => T): T {
  try {
    return run();
  } catch {
    return value;
  }
}

const isResolved = ({ resolvedModule }: Resolution): boolean => resolvedModule !== undefined;

const isHandlers = (file: string): boolean => file.includes('/src-ipc/') && !file.includes('/node_modules/');

const onlyHandlers = (files: readonly string[]): boolean =>
  files.length > 0 && files.every((file) => isHandlers(file) || file.endsWith('.d.ts'));

const resolution = (ts: TypeScript, resolvedFileName: string): Resolution => ({
  resolvedModule: {
    resolvedFileName,
    extension: ts.Extension.Dts,
    isExternalLibraryImport: true,
  } as typescript.ResolvedModuleFull,
});
