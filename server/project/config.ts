/** Tauri's configuration file: the parts that a panel honours, read as Tauri reads them. */
import { AclError, type Range } from '#core/acl/place.ts';
import * as z from 'zod';

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

/** The headers that Tauri lets an app give its answers; it reads no others. */
const HEADER_NAMES = [
  'Access-Control-Allow-Credentials',
  'Access-Control-Allow-Headers',
  'Access-Control-Allow-Methods',
  'Access-Control-Expose-Headers',
  'Access-Control-Max-Age',
  'Cross-Origin-Embedder-Policy',
  'Cross-Origin-Opener-Policy',
  'Cross-Origin-Resource-Policy',
  'Permissions-Policy',
  'Service-Worker-Allowed',
  'Timing-Allow-Origin',
  'X-Content-Type-Options',
  'Tauri-Custom-Header',
] as const;

const HeaderSource = z.union([z.string(), z.array(z.string()), z.record(z.string(), z.string())]).nullish();
const Headers = z.looseObject(
  Object.fromEntries(HEADER_NAMES.map((name) => [name, HeaderSource])) as Record<
    (typeof HEADER_NAMES)[number],
    typeof HeaderSource
  >,
);

const BeforeDevCommand = z.union([
  z.string().transform((script) => ({ script, cwd: undefined, wait: false })),
  z.looseObject({ script: z.string(), cwd: optional(z.string()), wait: z.boolean().default(false) }),
]);

export const TauriConfig = z.looseObject({
  productName: optional(z.string()),
  version: optional(z.string()),
  identifier: z.string().default(''),
  build: z
    .looseObject({
      devUrl: optional(z.string().refine(isPageUrl, 'not an address that begins with http:// or https://')),
      frontendDist: optional(z.union([z.string(), z.array(z.string())])),
      beforeDevCommand: optional(BeforeDevCommand),
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
          headers: optional(Headers),
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
  /** of what is wrong in the file's text; undefined where only a position is known */
  readonly range: Range | undefined;

  constructor(
    message: string,
    file: string,
    at: { line?: number; column?: number; range?: Range; cause?: unknown } = {},
  ) {
    super(message, { cause: at.cause });
    this.file = file;
    this.line = at.line ?? 1;
    this.column = at.column ?? 1;
    this.range = at.range;
  }
}

/** What `read` gives; an error that does not say which file it is about gets that added. */
export function aboutFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProjectError) throw error;
    if (error instanceof AclError) throw problemWith(file, error);
    throw new ProjectError(`cannot be read: ${(error as Error).message}`, file, { cause: error });
  }
}

/** A problem of the ACL, in the file that it names or else in this one. */
export function problemWith(file: string, error: AclError): ProjectError {
  const { file: where = file, ...at } = error.place ?? {};
  return new ProjectError(error.message, where, { ...at, cause: error });
}

/** A CSP as one string: Tauri also takes an object of directives. */
export function cspText(csp: z.infer<typeof Csp> | null | undefined): string | undefined {
  if (!csp) return undefined;
  if (typeof csp === 'string') return csp;
  return Object.entries(csp)
    .map(([directive, sources]) => `${directive} ${Array.isArray(sources) ? sources.join(' ') : sources}`)
    .join('; ');
}

/** `app.security.headers` as the headers of an answer: a list with commas, a map as `key value; key value`, null as none. */
export function answerHeaders(headers: TauriConfig['app']['security']['headers']): Record<string, string> {
  return Object.fromEntries(
    HEADER_NAMES.flatMap((name) => {
      const source = headers?.[name];
      if (source === undefined || source === null) return [];
      if (typeof source === 'string') return [[name.toLowerCase(), source]];
      const text = Array.isArray(source)
        ? source.join(', ')
        : Object.entries(source)
            .map(([key, value]) => `${key} ${value}`)
            .join('; ');
      return [[name.toLowerCase(), text]];
    }),
  );
}
