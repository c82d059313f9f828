/** Tauri's configuration file: the parts that a panel honours, read as Tauri reads them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Document, type Format, SyntaxProblem } from '#core/acl/document.ts';
import { AclError, type Path } from '#core/acl/place.ts';
import * as z from 'zod';
import { isFile } from '../backend/files.ts';

/** What is `Option` in Tauri's own types: absent and null are the same. */
const optional = <T extends z.ZodType>(type: T) => type.nullish().transform((value) => value ?? undefined);

/** `app.windows[]`; members that a panel does not know are kept, they are accepted and ignored. */
export const WindowConfig = z.looseObject({
  label: z.string().default('main'),
  url: z.string().default('index.html'),
  title: z.string().default('Tauri App'),
  create: z.boolean().default(true),
  visible: z.boolean().default(true),
  focus: z.boolean().default(true),
  theme: optional(
    z.enum(['light', 'dark', 'Light', 'Dark']).transform((theme) => theme.toLowerCase() as 'light' | 'dark'),
  ),
  parent: optional(z.string()),
});
export type WindowConfig = z.infer<typeof WindowConfig>;

const Csp = z.union([z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())]))]);

const AssetScope = z.union([
  z.array(z.string()),
  z.looseObject({
    allow: z.array(z.string()).default([]),
    deny: z.array(z.string()).default([]),
    requireLiteralLeadingDot: optional(z.boolean()),
  }),
]);

export const TauriConfig = z.looseObject({
  productName: optional(z.string()),
  version: optional(z.string()),
  identifier: z.string().default(''),
  build: z
    .looseObject({
      devUrl: optional(z.string().refine(isPageUrl, 'not an address that begins with http:// or https://')),
      frontendDist: optional(z.union([z.string(), z.array(z.string())])),
    })
    .prefault({}),
  app: z
    .looseObject({
      withGlobalTauri: z.boolean().default(false),
      windows: z.array(WindowConfig).default([]),
      security: z
        .looseObject({
          csp: Csp.nullish(),
          devCsp: Csp.nullish(),
          freezePrototype: z.boolean().default(false),
          dangerousDisableAssetCspModification: z.union([z.boolean(), z.array(z.string())]).default(false),
          pattern: optional(
            z.discriminatedUnion('use', [
              z.looseObject({ use: z.literal('brownfield') }),
              z.looseObject({ use: z.literal('isolation'), options: z.looseObject({ dir: z.string() }) }),
            ]),
          ),
          assetProtocol: z
            .looseObject({ enable: z.boolean().default(false), scope: AssetScope.default([]) })
            .prefault({}),
          capabilities: z.array(z.unknown()).default([]),
        })
        .prefault({}),
    })
    .prefault({}),
  bundle: z
    .looseObject({
      externalBin: z
        .array(z.string())
        .nullish()
        .transform((paths) => paths ?? []),
    })
    .prefault({}),
  plugins: z.record(z.string(), z.unknown()).default({}),
});
export type TauriConfig = z.infer<typeof TauriConfig>;

function isPageUrl(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}

/** A problem with a file of the project: what, where, and what to do. The message of the error says it in one sentence. */
export class ProjectError extends Error {
  override readonly name = 'ProjectError';
  readonly file: string;
  /** from 1 */
  readonly line: number;
  readonly column: number;

  constructor(message: string, file: string, at: { line?: number; column?: number; cause?: unknown } = {}) {
    super(message, { cause: at.cause });
    this.file = file;
    this.line = at.line ?? 1;
    this.column = at.column ?? 1;
  }
}

/** The names under which Tauri looks for its configuration, first found wins. */
export const CONFIG_NAMES = ['tauri.conf.json', 'tauri.conf.json5', 'Tauri.toml'] as const;

/** The configuration file in `folder`, if there is one. */
export function findConfig(folder: string): string | undefined {
  return CONFIG_NAMES.map((name) => join(folder, name)).find(isFile);
}

/** A configuration, and the file as it is written. */
export interface ConfigFile {
  readonly config: TauriConfig;
  readonly document: Document;
}

/** Reads and checks a configuration; throws a {@link ProjectError} with the place. */
export function readConfig(file: string): ConfigFile {
  const document = aboutFile(file, () => parseDataFile(file, readFileSync(file, 'utf8')));
  const parsed = TauriConfig.safeParse(document.value);
  if (parsed.success) return { config: parsed.data, document };
  const issue = parsed.error.issues[0];
  throw new ProjectError(`${issue?.path.join('.') || 'the file'}: ${issue?.message}`, file, {
    ...document.placeOf(file, (issue?.path ?? []) as Path),
    cause: parsed.error,
  });
}

/** What `read` gives; an error that does not say which file it is about gets that added. */
export function aboutFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProjectError) throw error;
    if (error instanceof AclError) {
      const { file: where = file, ...at } = error.place ?? {};
      throw new ProjectError(error.message, where, { ...at, cause: error });
    }
    throw new ProjectError(`cannot be read: ${(error as Error).message}`, file, { cause: error });
  }
}

/** Parses JSON (with comments), JSON5 or TOML by the file's ending. */
function parseDataFile(file: string, text: string): Document {
  const format: Format = file.endsWith('.toml') ? 'toml' : file.endsWith('.json5') ? 'json5' : 'jsonc';
  try {
    return new Document(text, format);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    const name = format === 'jsonc' ? 'JSON' : format.toUpperCase();
    throw new ProjectError(`not valid ${name}: ${error.message}`, file, { ...error.position, cause: error });
  }
}

/** A CSP as one string: Tauri also takes an object of directives. */
export function cspText(csp: z.infer<typeof Csp> | null | undefined): string | undefined {
  if (!csp) return undefined;
  if (typeof csp === 'string') return csp;
  return Object.entries(csp)
    .map(([directive, sources]) => `${directive} ${Array.isArray(sources) ? sources.join(' ') : sources}`)
    .join('; ');
}
