/** The app's isolation page as one document: what Tauri's build makes of the folder `app.security.pattern.options.dir`. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, normalize, resolve, sep } from 'node:path';
import { isFile, type Project, ProjectError } from '#server/project/index.ts';
import { escapeAttribute, escapeScript, tokensOf } from './page-html.ts';

const HOOK = '__TAURI_ISOLATION_HOOK__';

/**
 * Throws where the folder cannot be an isolation page: it does not exist, has no `index.html`, or no file of it names
 * the hook. Tauri's build stops for the same reasons.
 */
export function checkIsolationFolder(folder: string): void {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`the folder ${folder} does not exist`);
  if (!isFile(join(folder, 'index.html'))) throw new Error(`${join(folder, 'index.html')} does not exist`);
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  if (!files.some((file) => readFileSync(join(file.parentPath, file.name), 'utf8').includes(HOOK))) {
    throw new Error(`no file in ${folder} sets window.${HOOK}: a function of the message, or null`);
  }
}

export interface IsolationDocument {
  readonly html: string;
  readonly csp: string;
}

/**
 * The document of an isolation frame: `index.html` with its scripts and style sheets written into it, and before them
 * `runtime` (dist/isolation-frame.js) with `config`. Its CSP is Tauri's, nothing but those scripts and styles, and the
 * sandbox: whichever page frames it, the document has an origin of its own that no page can reach into.
 *
 * @param origin of the frame
 */
export function isolationDocument(folder: string, runtime: string, config: object, origin: string): IsolationDocument {
  // As the browser's parser will: the hashes are of what it has read.
  const html = readText(join(folder, 'index.html'));
  const hashes = { script: new Set<string>(), style: new Set<string>() };
  const element = (kind: 'script' | 'style', attributes: string, text: string) => {
    hashes[kind].add(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    return `<${kind}${attributes}>${text}</${kind}>`;
  };
  const own = element('script', ` data-config="${escapeAttribute(JSON.stringify(config))}"`, escapeScript(runtime));
  const parts: string[] = [];
  let copied = 0;
  const replace = (from: number, to: number, text: string) => {
    parts.push(html.slice(copied, from), text);
    copied = to;
  };
  let placed = false;
  for (const { index, end, textEnd, tag, attributes } of tokensOf(html)) {
    if (!placed && tag !== '' && tag !== 'html') {
      const at = tag === 'head' ? end : index;
      replace(at, at, own);
      placed = true;
    }
    if (tag === 'script') {
      const file = localFile(folder, attributeOf(attributes, 'src'));
      const text = file === undefined ? html.slice(end, textEnd) : escapeScript(readText(file));
      const kept = file === undefined ? attributes : withoutAttribute(attributes, 'src');
      if (file !== undefined || attributeOf(attributes, 'src') === undefined) {
        replace(index, closeOf(html, textEnd), element('script', kept, text));
      }
    } else if (tag === 'style') {
      replace(index, closeOf(html, textEnd), element('style', attributes, html.slice(end, textEnd)));
    } else if (tag === 'link' && attributeOf(attributes, 'rel')?.toLowerCase() === 'stylesheet') {
      const file = localFile(folder, attributeOf(attributes, 'href'));
      if (file !== undefined)
        replace(index, end, element('style', '', readText(file).replace(/<\/(style)/gi, '<\\/$1')));
    }
  }
  if (!placed) replace(html.length, html.length, own);
  const csp = [
    "default-src 'none'",
    `frame-src ${origin}`,
    `script-src ${[...hashes.script].join(' ')}`,
    ...(hashes.style.size > 0 ? [`style-src ${[...hashes.style].join(' ')}`] : []),
    'sandbox allow-scripts',
  ];
  return { html: parts.join('') + html.slice(copied), csp: csp.join('; ') };
}

function readText(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n');
}

/** Behind the end tag of an element whose text ends at `textEnd`. */
function closeOf(html: string, textEnd: number): number {
  const close = html.indexOf('>', textEnd);
  return close < 0 ? html.length : close + 1;
}

/** An attribute with the space before it: its name, and its value in quotes of either kind or in none. */
const ATTRIBUTES = /\s?([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

function attributeOf(attributes: string, wanted: string): string | undefined {
  for (const [, name = '', double, single, bare] of attributes.matchAll(ATTRIBUTES)) {
    if (name.toLowerCase() === wanted) return double ?? single ?? bare ?? '';
  }
  return undefined;
}

function withoutAttribute(attributes: string, unwanted: string): string {
  return attributes.replace(ATTRIBUTES, (text, name: string) => (name.toLowerCase() === unwanted ? '' : text));
}

/**
 * The file of the folder that an address in the document names; undefined for none, and for one of elsewhere, which the
 * CSP does not let load.
 */
function localFile(folder: string, address: string | undefined): string | undefined {
  if (!address || /^([a-z][a-z\d+.-]*:|\/\/)/i.test(address)) return undefined;
  const path = normalize(decodeURIComponent(address.replace(/[?#].*$/, ''))).replace(/^[/\\]+/, '');
  if (path.split(sep).includes('..')) throw new Error(`${address} is not in ${folder}`);
  const file = join(folder, path);
  if (!isFile(file)) throw new Error(`${file} does not exist: index.html of the isolation page names it`);
  return file;
}

/** The folder of the app's isolation page, where it has one; throws where it cannot be one. */
export function isolationFolderOf(project: Project): string | undefined {
  const { configFolder, config } = project;
  const { pattern } = config.app.security;
  if (pattern?.use !== 'isolation') return undefined;
  const folder = resolve(configFolder, pattern.options.dir);
  try {
    checkIsolationFolder(folder);
    return folder;
  } catch (error) {
    const text = `app.security.pattern.options.dir: ${(error as Error).message}`;
    const { file, ...at } = project.placeOf('app', 'security', 'pattern', 'options', 'dir');
    throw new ProjectError(text, file, { ...at, cause: error });
  }
}
