/** Commands on files that a page holds by a number: the number is the permission, the scope is not asked again. */
import { constants } from 'node:fs';
import { command, type Command } from '#core/command.ts';
import { ByteArray } from '../schemas.ts';
import { ioRejection } from '../io-error.ts';
import type { FsCommands } from './access.ts';
import {
  BaseOptions,
  Length,
  Offset,
  OpenOptions,
  PathArgument,
  READ,
  requested,
  Rid,
  SeekMode,
  Size,
} from './arguments.ts';
import { fileInfo } from './info.ts';
import { MAX_READ, OpenFile, openFlags, OpenLines } from './open-file.ts';

/** Rejects with `{before}{what the system said}` where `task` fails. */
async function saying<T>(before: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw ioRejection(before, error);
  }
}

export function handleCommands(fs: FsCommands): readonly Command[] {
  return [
    command('create', { args: { path: PathArgument, options: BaseOptions } }, ({ path, options }, context) =>
      fs.withPaths('create', [requested(path, options?.baseDir)], context, (grant) =>
        saying(`failed to create file at path: ${grant.shown} with error: `, () => {
          const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC;
          return fs.hold(
            context,
            'create',
            () => fs.openFile(grant, flags),
            (handle, onClosed) => new OpenFile(handle, false, onClosed),
          );
        }),
      ),
    ),
    command('open', { args: { path: PathArgument, options: OpenOptions } }, ({ path, options }, context) =>
      fs.withPaths('open', [requested(path, options?.baseDir)], context, (grant) =>
        saying(`failed to open file at path: ${grant.shown} with error: `, async () => {
          const chosen = options ?? READ;
          const flags = openFlags(chosen);
          return fs.hold(
            context,
            'open',
            () => fs.openFile(grant, flags, chosen.mode ?? undefined, chosen.createNew),
            (handle, onClosed) => new OpenFile(handle, chosen.append, onClosed),
          );
        }),
      ),
    ),
    command('read', { args: { rid: Rid, len: Length } }, ({ rid, len }, context) => {
      const file = fs.resource(context, rid, OpenFile);
      return saying('faied to read bytes from file with error: ', async () => {
        const data = await fs.reading(Math.min(len, MAX_READ), () => file.read(len));
        return fs.form.pairs ? [[...data], data.length] : counted(data);
      });
    }),
    command('write', { args: { rid: Rid, data: ByteArray } }, ({ rid, data }, context) => {
      const file = fs.resource(context, rid, OpenFile);
      return saying('failed to write bytes to file with error: ', () => file.write(data));
    }),
    command('seek', { args: { rid: Rid, offset: Offset, whence: SeekMode } }, ({ rid, offset, whence }, context) => {
      const file = fs.resource(context, rid, OpenFile);
      return saying('failed to seek file with error: ', () => file.seek(offset, whence));
    }),
    command('fstat', { args: { rid: Rid } }, ({ rid }, context) => {
      const file = fs.resource(context, rid, OpenFile);
      return saying('failed to get metadata of file with error: ', async () => fileInfo(await file.stat()));
    }),
    command('ftruncate', { args: { rid: Rid, len: Size } }, ({ rid, len }, context) => {
      const file = fs.resource(context, rid, OpenFile);
      return saying('failed to truncate file with error: ', async () => {
        await file.truncate(len ?? 0);
        return null;
      });
    }),
    command(
      'read_text_file_lines',
      { args: { path: PathArgument, options: BaseOptions } },
      ({ path, options }, context) =>
        fs.withPaths('read_text_file_lines', [requested(path, options?.baseDir)], context, (grant) =>
          saying(`failed to open file at path: ${grant.shown} with error: `, () =>
            fs.hold(
              context,
              'read_text_file_lines',
              () => fs.openFile(grant, constants.O_RDONLY),
              (handle, onClosed) => new OpenLines(handle, onClosed),
            ),
          ),
        ),
    ),
    command('read_text_file_lines_next', { args: { rid: Rid } }, async ({ rid }, context) => {
      const lines = fs.resource(context, rid, OpenLines);
      const line = await saying('', () => lines.next()).catch((error: unknown) => {
        fs.closeResource(context, rid);
        throw error;
      });
      if (line === undefined) fs.closeResource(context, rid);
      if (fs.form.text) return [line === undefined ? null : new TextDecoder().decode(line), line === undefined];
      return withEnd(line);
    }),
  ];
}

/** The bytes of a read, and behind them how many there are: eight bytes, the highest first. */
function counted(data: Uint8Array): Uint8Array {
  const answer = new Uint8Array(data.length + 8);
  answer.set(data);
  new DataView(answer.buffer).setBigUint64(data.length, BigInt(data.length));
  return answer;
}

/** A line, and behind it whether it was over before: 1 where there is no line. */
function withEnd(line: Uint8Array | undefined): Uint8Array {
  const answer = new Uint8Array((line?.length ?? 0) + 1);
  if (line) answer.set(line);
  else answer[0] = 1;
  return answer;
}
