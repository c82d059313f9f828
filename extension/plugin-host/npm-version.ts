/** Which release of an npm package a project has: what its pages were made with decides how some plugins answer. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** As Node would find it from `folder`. Undefined where it is not installed: a built frontend has it inside. */
export function npmVersion(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const text = readFileSync(join(at, 'node_modules', name, 'package.json'), 'utf8');
      const { version } = JSON.parse(text) as { version?: unknown };
      return typeof version === 'string' ? version : undefined;
    } catch {
      if (at === dirname(at)) return undefined;
    }
  }
}
