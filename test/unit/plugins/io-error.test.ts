import { readFileSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { reject } from '#core/error.ts';
import { ioError, ioErrorText, ioRejection } from '../../../extension/plugins/io-error.ts';

const caught = (task: () => unknown): unknown => {
  try {
    return task();
  } catch (error) {
    return error;
  }
};

test("errors of the system have Rust's words and the system's number", () => {
  expect(
    ioErrorText(
      caught(() => readFileSync('/none')),
      'linux',
    ),
  ).toBe('No such file or directory (os error 2)');
  expect(
    ioErrorText(
      caught(() => readFileSync(tmpdir())),
      'linux',
    ),
  ).toBe('Is a directory (os error 21)');
  expect(ioErrorText(caught(() => writeFileSync('a\0b', '')))).toBe('file name contained an unexpected NUL byte');
});

test('macOS and Windows have their own', () => {
  const made = (code: string, errno: number) => Object.assign(new Error(code), { code, errno });
  expect(ioErrorText(made('EXDEV', -18), 'darwin')).toBe('Cross-device link (os error 18)');
  expect(ioErrorText(made('ENOENT', -2), 'darwin')).toBe('No such file or directory (os error 2)');
  expect(ioErrorText(made('ENOENT', -4058), 'win32')).toBe('The system cannot find the file specified. (os error 2)');
  expect(ioErrorText(made('EACCES', -4092), 'win32')).toBe('Access is denied. (os error 5)');
  expect(ioErrorText(made('EWHAT', -1), 'win32')).toBe('EWHAT');
});

test('what is refused before the system is asked sounds the same, and a refusal stays one', () => {
  expect(ioErrorText(ioError('EMFILE'), 'linux')).toBe(`Too many open files (os error ${constants.errno.EMFILE})`);
  expect(ioRejection('before: ', ioError('EINVAL')).value).toBe('before: Invalid argument (os error 22)');
  expect(ioRejection('before: ', reject('forbidden path: a')).value).toBe('forbidden path: a');
});
