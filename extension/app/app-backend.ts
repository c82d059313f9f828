import type { Capability } from '#core/acl/capability.ts';
import type { Disposable } from '#core/lifetime.ts';
export class AppBackend implements Disposable {
  constructor(_o: unknown) {}
  start(): void {}
  setCapabilities(_c: readonly Capability[]): void {}
  async allowNavigation(_l: string, _u: string): Promise<boolean> { return true; }
  async restart(): Promise<void> {}
  async debug(): Promise<void> {}
  dispose(): void {}
}
