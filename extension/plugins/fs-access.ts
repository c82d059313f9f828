/** The decisions about paths of one app, on this machine. */
import { FsAccess } from '#core/acl/scope/fs.ts';
import { type AppPlace, pathPlace } from './directories.ts';
import { fileLinks } from './file-links.ts';

/** `requireLiteralLeadingDot` of `plugins.fs` as it is written; what does not fit is refused when the plugin starts. */
export function leadingDotOf(config: unknown): boolean | undefined {
  const given = (config as { requireLiteralLeadingDot?: unknown } | null | undefined)?.requireLiteralLeadingDot;
  return typeof given === 'boolean' ? given : undefined;
}

export interface FsAccessSettings {
  /** `plugins.fs.requireLiteralLeadingDot` of the configuration */
  readonly requireLiteralLeadingDot?: boolean | undefined;
  /** the setting `permissions.strictFsScope`, read at each decision */
  readonly strict?: (() => boolean) | undefined;
}

/** @param cwd what a relative path without a base directory starts from */
export function createFsAccess(app: AppPlace, cwd: string, settings: FsAccessSettings = {}): FsAccess {
  return new FsAccess({
    ...pathPlace(app),
    links: fileLinks,
    cwd,
    requireLiteralLeadingDot: settings.requireLiteralLeadingDot,
    get strict() {
      return settings.strict?.();
    },
  });
}
