/** Which files the asset protocol gives to pages: `app.security.assetProtocol` of the configuration. */
import { patternScope } from '#core/acl/scope/fs.ts';
import type { FileLinks, FsScope } from '#core/acl/scope/fs-scope.ts';
import type { PathPlace } from '#core/acl/scope/path.ts';
import { rustPath } from '#core/rust-path.ts';
import { fileLinks } from '../plugins/file-links.ts';
import type { TauriConfig } from '#server/project/index.ts';

type AssetProtocol = TauriConfig['app']['security']['assetProtocol'];

export class AssetScope {
  readonly #enabled: boolean;
  readonly #windows: boolean;
  readonly #links: FileLinks;
  readonly #makeScope: () => FsScope;
  #scope: FsScope | undefined;

  constructor({ enable, scope }: AssetProtocol, place: PathPlace, links = fileLinks) {
    this.#enabled = enable;
    this.#windows = place.windows;
    this.#links = links;
    const { allow, deny, requireLiteralLeadingDot } = Array.isArray(scope)
      ? { allow: scope, deny: [], requireLiteralLeadingDot: undefined }
      : scope;
    this.#makeScope = () => patternScope(allow, deny, { ...place, links, requireLiteralLeadingDot });
  }

  /**
   * The canonical path of the file that may be given for `path`; undefined where there is none, or the scope does not
   * hold it, nor `runtime`, which has what the user picked while the app runs. Rejects with `invalid glob pattern: …` where the configuration has a bad pattern.
   */
  async find(path: string, runtime?: FsScope): Promise<string | undefined> {
    if (!this.#enabled || !rustPath(this.#windows).isAbsolute(path)) return undefined;
    const scope = (this.#scope ??= this.#makeScope());
    const allowed = async (file: string) => (await scope.decide(file, runtime)) === 'allowed';
    if (!(await allowed(path))) return undefined;
    const file = await this.#links.realpath(path);
    // A link may lead elsewhere by now: what counts is the file that will be opened.
    return file !== undefined && (await allowed(file)) ? file : undefined;
  }
}
