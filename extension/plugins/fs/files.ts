/** Commands that read or write a file as a whole. */
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { command, type Command, type CommandContext } from '#core/command.ts';
import { ioError, ioRejection } from '../io-error.ts';
import type { FsCommands } from './access.ts';
import { BaseOptions, CopyOptions, PathArgument, READ, readWritten, requested, Size } from './arguments.ts';
import { openFlags, truncate } from './open-file.ts';

/** The largest file that is given at once: larger ones are for `open` and `read`. */
const MAX_FILE = 512 * 1024 * 1024;
const COPY_CHUNK = 1024 * 1024;

export function fileCommands(fs: FsCommands): readonly Command[] {
  const readFile = (name: string) =>
    command(name, { args: { path: PathArgument, options: BaseOptions } }, ({ path, options }, context) =>
      fs.withPaths(name, [requested(path, options?.baseDir)], context, async (grant) => {
        const handle = await fs.openFile(grant, openFlags(READ)).catch((error: unknown) => {
          throw ioRejection(`failed to open file at path: ${grant.shown} with error: `, error);
        });
        try {
          const { size } = await handle.stat();
          const bytes = await fs.reading(size, () => readAll(handle, size));
          return name === 'read_text_file' && fs.form.text ? utf8(bytes) : bytes;
        } catch (error) {
          throw ioRejection(`failed to read file as text at path: ${grant.shown} with error: `, error);
        } finally {
          await handle.close();
        }
      }),
    );

  const writeFile = (name: string) =>
    command(name, {}, (_args, context: CommandContext) => {
      const { data, file, options } = readWritten(context.request);
      return fs.withPaths(name, [file], context, async (grant) => {
        const { createNew, mode } = options;
        const open = async () => fs.openFile(grant, openFlags(options), mode ?? undefined, createNew);
        const handle = await open().catch((error: unknown) => {
          throw ioRejection(`failed to open file at path: ${grant.shown} with error: `, error);
        });
        try {
          await writeAll(handle, data);
        } catch (error) {
          throw ioRejection(`failed to write bytes to file at path: ${grant.shown} with error: `, error);
        } finally {
          await handle.close();
        }
        return null;
      });
    });

  return [
    readFile('read_file'),
    readFile('read_text_file'),
    writeFile('write_file'),
    writeFile('write_text_file'),
    command(
      'truncate',
      { args: { path: PathArgument, len: Size, options: BaseOptions } },
      ({ path, len, options }, context) =>
        fs.withPaths('truncate', [requested(path, options?.baseDir)], context, async (grant) => {
          const handle = await fs.openFile(grant, constants.O_WRONLY).catch((error: unknown) => {
            throw ioRejection(`failed to open file at path: ${grant.shown} with error: `, error);
          });
          try {
            await truncate(handle, len ?? 0);
          } catch (error) {
            throw ioRejection(`failed to truncate file at path: ${grant.shown} with error: `, error);
          } finally {
            await handle.close();
          }
          return null;
        }),
    ),
    command(
      'copy_file',
      { args: { fromPath: PathArgument, toPath: PathArgument, options: CopyOptions } },
      ({ fromPath, toPath, options }, context) => {
        const requests = [requested(fromPath, options?.fromPathBaseDir), requested(toPath, options?.toPathBaseDir)];
        return fs.withPaths('copy_file', requests, context, async (from, to) => {
          try {
            await fs.withFile(from, constants.O_RDONLY, undefined, async (source) => {
              const { mode } = await statOfFile(source);
              const flags = constants.O_WRONLY | constants.O_CREAT;
              await fs.withFile(to, flags, mode & 0o7777, (target) => copy(source, target, mode));
            });
          } catch (error) {
            throw ioRejection(`failed to copy file from path: ${from.shown}, to path: ${to.shown} with error: `, error);
          }
          return null;
        });
      },
    ),
  ];
}

/** Bytes as a Rust `String` takes them. */
function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new Error('stream did not contain valid UTF-8', { cause: error });
  }
}

/** All that is in the file; it may be longer or shorter than it says. */
async function readAll(handle: FileHandle, size: number): Promise<Uint8Array> {
  if (size > MAX_FILE) throw ioError('EFBIG');
  let buffer = new Uint8Array(size + 1);
  let length = 0;
  while (true) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
    if (length > MAX_FILE) throw ioError('EFBIG');
    if (length < buffer.length) continue;
    const grown = new Uint8Array(Math.max(buffer.length * 2, COPY_CHUNK));
    grown.set(buffer);
    buffer = grown;
  }
  return buffer.subarray(0, length);
}

async function writeAll(handle: FileHandle, data: Uint8Array): Promise<void> {
  let written = 0;
  while (written < data.length) {
    const { bytesWritten } = await handle.write(data, written, data.length - written, null);
    written += bytesWritten;
  }
}

async function statOfFile(handle: FileHandle) {
  const stats = await handle.stat();
  if (!stats.isFile()) {
    throw new Error('the source path is neither a regular file nor a symlink to a regular file');
  }
  return stats;
}

/** Copies bytes and permissions. A file onto itself stays as it is, where Rust would leave it empty. */
async function copy(source: FileHandle, target: FileHandle, mode: number): Promise<void> {
  const [from, to] = await Promise.all([source.stat({ bigint: true }), target.stat({ bigint: true })]);
  if (from.ino === to.ino && from.dev === to.dev) return;
  if (to.isFile()) {
    await target.truncate(0);
    await target.chmod(mode & 0o7777);
  }
  const buffer = new Uint8Array(COPY_CHUNK);
  while (true) {
    const { bytesRead } = await source.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    await writeAll(target, buffer.subarray(0, bytesRead));
  }
}
