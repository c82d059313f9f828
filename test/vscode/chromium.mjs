// Finds a Chromium that can show the workbench headless, without a package manager and without a download of its own.
import { spawnSync } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const cache = join(here, '.cache');
const load = createRequire(import.meta.url);

/**
 * @typedef {object} Chromium
 * @property {string} executablePath
 * @property {Record<string, string>} env what it needs on top of our own environment
 * @property {string} version
 * @property {string} source where it was found, for logs
 */

/**
 * In this order: $E2E_CHROMIUM (a path, or `installed`), the one in the npm package @sparticuz/chromium (unpacked once,
 * about 2 s), an installed Chromium, Chrome or Edge.
 * @returns {Promise<Chromium>}
 */
export async function findChromium() {
  const wish = process.env.E2E_CHROMIUM;
  if (wish && wish !== 'installed') return { executablePath: wish, env: {}, version: '', source: '$E2E_CHROMIUM' };
  const found = wish === 'installed' ? findInstalled() : ((await findPackaged()) ?? findInstalled());
  if (found) return found;
  throw new Error('No Chromium found: install Chromium, Chrome or Edge, or set E2E_CHROMIUM to the path of one.');
}

/** @returns {Promise<Chromium | undefined>} */
async function findPackaged() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined; // the only build in that package
  const folder = packageFolder('@sparticuz/chromium');
  if (!folder) return undefined;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const unpacked = join(cache, `chromium-${version}`);
  const executablePath = join(unpacked, 'chromium');
  if (!existsSync(executablePath)) await unpack(join(folder, 'bin'), unpacked);

  const env = {
    LD_LIBRARY_PATH: [join(unpacked, 'libs', 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
    FONTCONFIG_FILE: join(unpacked, 'fonts.conf'), // the same fonts, hence the same screenshots, on every machine
  };
  const says = versionOf(executablePath, env);
  return says ? { executablePath, env, version: says, source: `@sparticuz/chromium@${version}` } : undefined;
}

/**
 * The package's own unpacking writes to the temp folder and takes a half-written file for a finished one. Ours fills a
 * folder beside the target and renames it, so that an interrupted or a parallel run does no harm.
 * @param {string} from @param {string} to
 */
async function unpack(from, to) {
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, 'unpacking-'));
  const { extract } = load('tar-fs');
  /** @param {string} name @param {NodeJS.WritableStream} target */
  const decompress = (name, target) =>
    pipeline(
      createReadStream(join(from, name), { highWaterMark: 4 << 20 }),
      createBrotliDecompress({ chunkSize: 2 << 20 }),
      target,
    );
  await Promise.all([
    decompress('chromium.br', createWriteStream(join(unfinished, 'chromium'), { mode: 0o755 })),
    decompress('al2023.tar.br', extract(join(unfinished, 'libs'))), // nss, nspr, expat: all it needs beyond glibc
    decompress('fonts.tar.br', extract(unfinished)),
    decompress('swiftshader.tar.br', extract(unfinished)),
  ]);
  writeFileSync(join(unfinished, 'fonts.conf'), fontConfiguration(to));
  try {
    renameSync(unfinished, to);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(join(to, 'chromium'))) throw error; // else another process was faster
  }
}

/** The package brings Open Sans alone, in which code would be proportional; DejaVu comes from npm. @param {string} folder */
function fontConfiguration(folder) {
  const dejavu = packageFolder('dejavu-fonts-ttf');
  const folders = [...(dejavu ? [join(dejavu, 'ttf')] : []), join(folder, 'fonts'), '/usr/share/fonts'];
  const preferred = { monospace: 'DejaVu Sans Mono', 'sans-serif': 'DejaVu Sans', serif: 'DejaVu Serif' };
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    ...folders.map((path) => `  <dir>${path}</dir>`),
    `  <cachedir>${join(folder, 'fontcache')}</cachedir>`,
    ...Object.entries(preferred).map(
      ([family, font]) =>
        `  <alias binding="same"><family>${family}</family><prefer><family>${font}</family></prefer></alias>`,
    ),
    '</fontconfig>',
    '',
  ].join('\n');
}

/** @returns {Chromium | undefined} */
function findInstalled() {
  for (const executablePath of installedCandidates()) {
    const version = existsSync(executablePath) && versionOf(executablePath, {});
    if (version) return { executablePath, env: {}, version, source: 'installed' };
  }
  return undefined;
}

/** @returns {string[]} */
function installedCandidates() {
  if (process.platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => process.env[name] ?? []);
    const programs = [
      'Google/Chrome/Application/chrome.exe',
      'Microsoft/Edge/Application/msedge.exe',
      'Chromium/Application/chrome.exe',
    ];
    return roots.flatMap((root) => programs.map((program) => join(root, program)));
  }
  const names =
    process.platform === 'darwin'
      ? ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
          (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
        )
      : [
          'chromium',
          'chromium-browser',
          'google-chrome-stable',
          'google-chrome',
          'microsoft-edge-stable',
          'microsoft-edge',
          'chromium-headless-shell',
        ];
  const path = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => (isAbsolute(name) ? name : path.map((folder) => join(folder, name))));
}

/** What `--version` says, or undefined when the file cannot run here. @param {string} file @param {Record<string, string>} env */
function versionOf(file, env) {
  if (process.platform === 'win32') return 'unknown version'; // chrome.exe --version opens a window there
  const run = spawnSync(file, ['--version'], { env: { ...process.env, ...env }, encoding: 'utf8', timeout: 20_000 });
  return run.status === 0 && /\d+\.\d+/.test(run.stdout) ? run.stdout.trim() : undefined;
}

/** @param {string} name */
function packageFolder(name) {
  try {
    // Not `${name}/package.json`: the package of Chromium does not export it.
    const file = load.resolve
      .paths(name)
      ?.map((folder) => join(folder, name, 'package.json'))
      .find(existsSync);
    return file && dirname(file);
  } catch {
    return undefined;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) console.log(await findChromium());
