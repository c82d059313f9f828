/** `plugin:os|…` (tauri-acl 5.2), and what its npm package reads from the page without asking. */
import { arch, EOL, hostname, release } from 'node:os';
import { command } from '#core/command.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import type { PluginHost } from './host.ts';

/** A machine, as Node names it. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** of the kernel */
  readonly release: string;
  readonly eol: string;
  /** the text of a file, undefined where there is none */
  readText(path: string): string | undefined;
}

/** `window.__TAURI_OS_PLUGIN_INTERNALS__`, in the names of Rust's standard library and of the plugin. */
export function osValues(machine: Machine) {
  const windows = machine.platform === 'win32';
  const platform = PLATFORMS[machine.platform] ?? machine.platform;
  return {
    platform,
    // There are five; every other Unix counts as the first.
    os_type: ['windows', 'macos', 'ios', 'android'].includes(platform) ? platform : 'linux',
    version: versionOf(machine),
    family: windows ? 'windows' : 'unix',
    arch: ARCHITECTURES[machine.arch] ?? machine.arch,
    exe_extension: windows ? 'exe' : '',
    eol: machine.eol,
  };
}

const PLATFORMS: Readonly<Record<string, string>> = { win32: 'windows', darwin: 'macos', sunos: 'solaris' };
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'x86_64',
  ia32: 'x86',
  arm64: 'aarch64',
  loong64: 'loongarch64',
  mipsel: 'mips',
  ppc: 'powerpc',
  ppc64: 'powerpc64',
  s390: 's390x',
};

/** The version of the system, not of its kernel: the crate behind the plugin writes three numbers where it finds one. */
function versionOf({ platform, release: kernel, readText }: Machine): string {
  const found =
    platform === 'linux'
      ? /^VERSION_ID="?([^"\n]*)/m.exec(readText('/etc/os-release') ?? '')
      : platform === 'darwin'
        ? /<key>ProductVersion<\/key>\s*<string>([^<]*)/.exec(
            readText('/System/Library/CoreServices/SystemVersion.plist') ?? '',
          )
        : undefined;
  const version = found?.[1] ?? kernel;
  const numbers = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version);
  return numbers ? [1, 2, 3].map((part) => Number(numbers[part] ?? 0)).join('.') : version;
}

/** The values of the machine that this process runs on. They do not change, and each page load asks for them. */
export function thisOs(readText: Machine['readText']): ReturnType<typeof osValues> {
  known ??= osValues({ platform: process.platform, arch: arch(), release: release(), eol: EOL, readText });
  return known;
}
let known: ReturnType<typeof osValues> | undefined;

export function osPlugin(host: PluginHost): Plugin {
  return plugin({
    name: 'os',
    commands: [command('locale', {}, () => localeOf(host.language)), command('hostname', {}, () => hostname())],
  });
}

/** A language as VS Code names it (`pt-br`) as a BCP 47 tag (`pt-BR`); null where it is none. */
function localeOf(language: string): string | null {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? null;
  } catch {
    return null; // as under Tauri where the system has none
  }
}
