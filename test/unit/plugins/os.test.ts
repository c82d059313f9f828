import { expect, test } from 'vitest';
import { type Machine, osValues } from '../../../extension/plugins/os.ts';

const machine = (given: Partial<Machine>): Machine => ({
  platform: 'linux',
  arch: 'x64',
  release: '6.1.0-13-amd64',
  eol: '\n',
  readText: () => undefined,
  ...given,
});

test('the names of Rust and of the plugin', () => {
  const files: Record<string, string> = {
    '/etc/os-release': 'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nVERSION_ID="24.04"\nID=ubuntu\n',
    '/System/Library/CoreServices/SystemVersion.plist':
      '<dict>\n<key>ProductVersion</key>\n\t<string>15.3.1</string>\n</dict>',
  };
  const readText = (path: string) => files[path];
  expect(osValues(machine({ readText }))).toEqual({
    platform: 'linux',
    os_type: 'linux',
    version: '24.4.0',
    family: 'unix',
    arch: 'x86_64',
    exe_extension: '',
    eol: '\n',
  });
  expect(osValues(machine({ platform: 'darwin', arch: 'arm64', release: '24.3.0', readText }))).toMatchObject({
    platform: 'macos',
    os_type: 'macos',
    version: '15.3.1',
    arch: 'aarch64',
  });
  expect(osValues(machine({ platform: 'win32', release: '10.0.22631', eol: '\r\n', readText }))).toEqual({
    platform: 'windows',
    os_type: 'windows',
    version: '10.0.22631',
    family: 'windows',
    arch: 'x86_64',
    exe_extension: 'exe',
    eol: '\r\n',
  });
  expect(osValues(machine({ platform: 'freebsd' }))).toMatchObject({ platform: 'freebsd', os_type: 'linux' });
  expect(osValues(machine({ platform: 'sunos' }))).toMatchObject({ platform: 'solaris', os_type: 'linux' });
});

test('a system that says no version has that of its kernel', () => {
  expect(osValues(machine({})).version).toBe('6.1.0');
  expect(osValues(machine({ readText: () => 'VERSION_ID=12\n' })).version).toBe('12.0.0');
  expect(osValues(machine({ readText: () => 'ID=arch\n' })).version).toBe('6.1.0');
});
