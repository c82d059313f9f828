/** `IPC Workbench: Add Types`: the types of handlers as files of the project, for what knows nothing of VS Code. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import * as z from 'zod';

/** What a handler may import without an install, and what those import. */
const PACKAGES = ['ipc-workbench', 'zod', '@standard-schema/spec', '@types/node', 'undici-types'];

/** Settings under which handlers are checked as they run. */
const TSCONFIG = `{
  "compilerOptions": {
    "target": "ESNext",
    "lib": ["ESNext"],
    "module": "ESNext",
    "moduleResolution": "bundler",
    "moduleDetection": "force",
    "allowImportingTsExtensions": true,
    "resolveJsonModule": true,
    "types": ["node"],
    "strict": true,
    "skipLibCheck": true,
    "noEmit": true
  }
}
`;

/** The manifest of a copy says who made it; a package that the user installed does not. */
const Copy = z.object({ copiedBy: z.literal('ipc-workbench') });

export interface AddTypesOptions {
  /** the project */
  readonly root: string;
  /** the folder of the handlers */
  readonly handlers: string;
  /** a `node_modules` with the declarations that ship */
  readonly types: string;
}

/**
 * Copies declarations into the `node_modules` beside the handlers where the project has no such package, and brings
 * earlier copies up to date. Handlers in a folder of their own get a tsconfig.json if there is none.
 * @returns the names of the packages that were copied
 */
export function addTypes({ root, handlers, types }: AddTypesOptions): string[] {
  const copied = PACKAGES.filter((name) => {
    const to = join(handlers, 'node_modules', name);
    if (existsSync(to) ? !isCopy(to) : isInstalled(name, dirname(handlers))) return false;
    rmSync(to, { recursive: true, force: true });
    cpSync(join(types, name), to, { recursive: true });
    return true;
  });
  const tsconfig = join(handlers, 'tsconfig.json');
  if (relative(root, handlers) !== '' && !existsSync(tsconfig)) {
    mkdirSync(handlers, { recursive: true });
    writeFileSync(tsconfig, TSCONFIG);
  }
  return copied;
}

function isCopy(folder: string): boolean {
  try {
    return Copy.safeParse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).success;
  } catch {
    return false;
  }
}

/** Whether an import in `folder` would find the package. */
function isInstalled(name: string, folder: string): boolean {
  if (existsSync(join(folder, 'node_modules', name, 'package.json'))) return true;
  return dirname(folder) !== folder && isInstalled(name, dirname(folder));
}
