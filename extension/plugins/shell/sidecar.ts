/** Programs that a project ships (`bundle.externalBin`), where Tauri's build expects them. */
import { isAbsolute, join } from 'node:path';
import { stat } from 'node:fs/promises';
import { reject } from '#core/error.ts';

/** What the shell plugin needs of the project. */
export interface ShellHost {
  /** `bundle.externalBin` of the configuration */
  readonly externalBin: readonly string[];
  /** what these paths start from */
  readonly folder: string;
}

/** Target triples by platform and processor as Node names them; the likeliest first. */
const TRIPLES: Readonly<Record<string, readonly string[]>> = {
  'linux x64': ['x86_64-unknown-linux-gnu', 'x86_64-unknown-linux-musl'],
  'linux arm64': ['aarch64-unknown-linux-gnu', 'aarch64-unknown-linux-musl'],
  'linux arm': ['armv7-unknown-linux-gnueabihf', 'arm-unknown-linux-gnueabihf'],
  'linux ia32': ['i686-unknown-linux-gnu'],
  'linux riscv64': ['riscv64gc-unknown-linux-gnu'],
  'darwin x64': ['x86_64-apple-darwin', 'universal-apple-darwin'],
  'darwin arm64': ['aarch64-apple-darwin', 'universal-apple-darwin', 'x86_64-apple-darwin'],
  'win32 x64': ['x86_64-pc-windows-msvc', 'x86_64-pc-windows-gnu'],
  'win32 arm64': ['aarch64-pc-windows-msvc', 'x86_64-pc-windows-msvc'],
  'win32 ia32': ['i686-pc-windows-msvc', 'i686-pc-windows-gnu'],
};

/**
 * The entry of `bundle.externalBin` that `program` names, itself or without its ending. Rejects with Tauri's text where
 * there is none; so a page can name no other file.
 */
export function configuredSidecar(program: string, { externalBin }: ShellHost): string {
  const bare = program.replace(/(?<=[^/\\])\.[^./\\]*$/, '');
  const found = externalBin.find((each) => each === program || each === bare);
  if (found === undefined) {
    throw reject(`sidecar not configured under \`tauri.conf.json > bundle > externalBin\`: ${program}`);
  }
  return found;
}

/** The file of a sidecar for this machine. */
export async function sidecarFile(sidecar: string, { folder }: ShellHost): Promise<string> {
  const base = isAbsolute(sidecar) ? sidecar : join(folder, sidecar);
  const ending = process.platform === 'win32' ? '.exe' : '';
  const triples = TRIPLES[`${process.platform} ${process.arch}`] ?? [];
  for (const triple of triples) {
    const file = `${base}-${triple}${ending}`;
    if ((await stat(file).catch(() => undefined))?.isFile()) return file;
  }
  const wanted = `${base}-${triples[0] ?? '<target triple>'}${ending}`;
  throw reject(`the sidecar "${sidecar}" has no file for this machine: ${wanted} does not exist`);
}
