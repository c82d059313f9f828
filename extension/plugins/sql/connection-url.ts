/** Which database a URL of the sql plugin means, as Tauri's plugin and sqlx read it. */
import { reject } from '#core/error.ts';
import type { RustPath } from '#core/rust-path.ts';
import { unsupported } from '../host.ts';

export interface DatabasePlace {
  /** undefined: a database in memory */
  readonly file: string | undefined;
  readonly readOnly: boolean;
}

export interface UrlPlace {
  readonly paths: RustPath;
  /** the directory of the app's configuration: where databases lie */
  readonly folder: string;
  readonly cwd: string;
}

/** Rejects with Tauri's text for what is no URL of a database, and with one sentence for what is not here. */
export function parseConnectionUrl(url: string, { paths, folder, cwd }: UrlPlace): DatabasePlace {
  const colon = url.indexOf(':');
  const scheme = url.slice(0, Math.max(colon, 0));
  if (scheme === 'mysql' || scheme === 'postgres') {
    const name = scheme === 'mysql' ? 'MySQL' : 'PostgreSQL';
    throw unsupported('sql.load', `it has SQLite only; reach ${name} from a handler of your backend`);
  }
  if (scheme !== 'sqlite') throw reject(`invalid connection url: ${url}`);
  const rest = url.slice(colon + 1);
  const question = rest.indexOf('?');
  const path = question < 0 ? rest : rest.slice(0, question);
  const { memory, readOnly } = readOptions(question < 0 ? '' : rest.slice(question + 1));
  if (memory || path === ':memory:') return { file: undefined, readOnly: false };
  const file = percentDecoded(path);
  if (file.includes('\0')) {
    throw reject('error communicating with database: filename passed to SQLite must not contain nul bytes');
  }
  // sqlx takes `sqlite://` for its own, so that what follows starts from the working directory.
  if (file.startsWith('//')) return { file: paths.push(cwd, file.slice(2)), readOnly };
  return { file: paths.push(folder, file), readOnly };
}

function readOptions(text: string): { memory: boolean; readOnly: boolean } {
  let memory = false;
  let readOnly = false;
  const wrong = (reason: string) => reject(`error with configuration: ${reason}`);
  for (const [key, value] of new URLSearchParams(text)) {
    const unknown = () => wrong(`unknown value ${JSON.stringify(value)} for \`${key}\``);
    switch (key) {
      case 'mode':
        if (!['ro', 'rw', 'rwc', 'memory'].includes(value)) throw unknown();
        memory ||= value === 'memory';
        readOnly ||= value === 'ro';
        break;
      // One connection shares its cache with nobody.
      case 'cache':
        if (!['private', 'shared'].includes(value)) throw unknown();
        break;
      case 'immutable':
        if (!['true', '1', 'false', '0'].includes(value)) throw unknown();
        readOnly ||= value === 'true' || value === '1';
        break;
      case 'vfs':
        throw reject(`error returned from database: (code: 1) no such vfs: ${value}`);
      default:
        throw wrong(`unknown query parameter \`${key}\` while parsing connection URL`);
    }
  }
  return { memory, readOnly };
}

function percentDecoded(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      throw reject(`error with configuration: ${encoded} is not UTF-8`);
    }
  });
}
