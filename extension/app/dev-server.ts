/** A development server: whether it answers, and what Tauri's CLI tells the command that starts it. */
import { readFileSync } from 'node:fs';
import { connect, isIPv4 } from 'node:net';
import { arch, platform, release } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

const CONNECT_MS = 1_000;
const POLL_MS = 200;

/** Whether a host name means this machine. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIPv4(host)) return host.startsWith('127.') || host === '0.0.0.0';
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || host === '::';
}

/** Whether something takes connections at the address: all that Tauri's CLI waits for, too. */
export function answers({ hostname, port, protocol }: URL): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const socket = connect({ host, port: Number(port || (protocol === 'https:' ? 443 : 80)), timeout: CONNECT_MS });
  socket.once('connect', () => resolve(true));
  socket.once('error', () => resolve(false));
  socket.once('timeout', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/** Resolves with true as soon as the server answers, with false when `signal` aborts. */
export async function waitForServer(url: URL, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await answers(url)) return true;
    await pause(POLL_MS, undefined, { signal }).catch(() => undefined); // aborted: the loop ends
  }
  return false;
}

const ARCHS: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64', ia32: 'i686', arm: 'armv7' };

/** What Tauri's CLI sets for `build.beforeDevCommand`. */
export function beforeDevEnvironment(): Record<string, string> {
  const system = platform();
  const windows = system === 'win32';
  const cpu = ARCHS[arch()] ?? arch();
  const vendor = windows ? 'pc-windows-msvc' : system === 'darwin' ? 'apple-darwin' : 'unknown-linux-gnu';
  return {
    TAURI_ENV_DEBUG: 'true',
    TAURI_ENV_PLATFORM: windows ? 'windows' : system === 'darwin' ? 'darwin' : 'linux',
    TAURI_ENV_ARCH: cpu,
    TAURI_ENV_FAMILY: windows ? 'windows' : 'unix',
    TAURI_ENV_TARGET_TRIPLE: `${cpu}-${vendor}${cpu === 'armv7' && system === 'linux' ? 'eabihf' : ''}`,
    TAURI_ENV_PLATFORM_VERSION: platformVersion(system),
  };
}

/** The version by which the system's users know it. */
function platformVersion(system: NodeJS.Platform): string {
  if (system === 'win32') return release();
  // Darwin 20 was macOS 11; from Darwin 25 on the numbers are those of years, macOS 26.
  const darwin = Number.parseInt(release(), 10);
  if (system === 'darwin') return String(darwin >= 25 ? darwin + 1 : darwin - 9);
  try {
    return /^VERSION_ID="?([^"\n]*)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Unknown';
  } catch {
    return 'Unknown'; // as the CLI has it
  }
}
