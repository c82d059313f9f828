/** Builds a capability in code (Tauri's `CapabilityBuilder`), for `addCapability`. */
import type { Capability, PermissionEntry, Target } from './capability.ts';
import { identifierProblem } from './identifier.ts';

export class CapabilityBuilder {
  readonly #identifier: string;
  readonly #urls: string[] = [];
  readonly #windows: string[] = [];
  readonly #webviews: string[] = [];
  readonly #permissions: PermissionEntry[] = [];
  readonly #platforms: Target[] = [];
  #local = true;

  constructor(identifier: string) {
    this.#identifier = identifier;
  }

  /** Pages of addresses that the URL pattern covers get the permissions too. */
  remote(url: string): this {
    this.#urls.push(url);
    return this;
  }

  /** Whether pages of the app itself get them. */
  local(local: boolean): this {
    this.#local = local;
    return this;
  }

  /** Adds a pattern for labels of windows. */
  window(pattern: string): this {
    this.#windows.push(pattern);
    return this;
  }

  /** Adds a pattern for labels of webviews. */
  webview(pattern: string): this {
    this.#webviews.push(pattern);
    return this;
  }

  /** Adds a permission or a set. Throws `invalid permission identifier '…'`. */
  permission(identifier: string): this {
    this.#permissions.push(checked(identifier));
    return this;
  }

  /** Adds a permission with a scope; as in Tauri both lists are then there, be they empty. */
  permissionScoped(identifier: string, allow: readonly unknown[], deny: readonly unknown[]): this {
    this.#permissions.push({ identifier: checked(identifier), allow: [...allow], deny: [...deny] });
    return this;
  }

  /** Limits the capability to this platform, and to others named so. */
  platform(target: Target): this {
    this.#platforms.push(target);
    return this;
  }

  build(): Capability {
    return {
      identifier: this.#identifier,
      description: '',
      local: this.#local,
      windows: [...this.#windows],
      webviews: [...this.#webviews],
      permissions: [...this.#permissions],
      ...(this.#urls.length > 0 && { remote: { urls: [...this.#urls] } }),
      ...(this.#platforms.length > 0 && { platforms: [...this.#platforms] }),
    };
  }
}

function checked(identifier: string): string {
  const problem = identifierProblem(identifier);
  if (problem !== undefined) {
    throw new Error(`invalid permission identifier '${identifier}'`, { cause: new Error(problem) });
  }
  return identifier;
}
