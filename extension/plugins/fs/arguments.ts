/** The arguments of the fs plugin's commands, refused in serde's words. */
import * as z from 'zod';
import { parsePathArgument } from '#core/acl/scope/path.ts';
import type { FsRequest } from '#core/acl/scope/fs.ts';
import type { Request } from '#core/command.ts';
import { reject } from '#core/error.ts';
import { unexpected } from '#core/serde.ts';
import { Directory, refuse, serde } from '../schemas.ts';

const WINDOWS = process.platform === 'win32';
const NOT_A_PATH = 'URL is not a valid path';

/** `SafeFilePath`: a path without `..`, or a `file:` URL. */
export const PathArgument = serde<string>((value) => {
  if (typeof value !== 'string') {
    throw refuse(`invalid type: ${unexpected(value)}, expected a string representing an file URL or a path`);
  }
  // JSON may hold half a character, a Rust string cannot.
  if (!value.isWellFormed()) throw refuse('lone leading surrogate in hex escape');
  const reason = unsafeReason(value);
  if (typeof reason === 'object') return reason.path;
  // Tauri finds this one out after all arguments are read.
  if (reason === NOT_A_PATH) throw reject(NOT_A_PATH);
  throw refuse(`invalid value: ${unexpected(value)}, expected Unsafe PathBuf: ${reason}`);
});

function unsafeReason(text: string): { path: string } | string {
  try {
    return { path: parsePathArgument(text, WINDOWS) };
  } catch (error) {
    return (error as Error).message;
  }
}

/** A whole number of Rust's type `name`, from `least` on. */
const integer = (name: string, least: number) =>
  serde<number>((value) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      throw refuse(`invalid type: ${unexpected(value)}, expected ${name}`);
    }
    if (value < least || value >= 2 ** (least === 0 ? 64 : 63)) {
      throw refuse(`invalid value: ${unexpected(value)}, expected ${name}`);
    }
    return value;
  });

export const Length = integer('usize', 0);
export const Size = integer('u64', 0).nullish();
export const Offset = integer('i64', -(2 ** 63));
export const Rid = z.uint32();

export type Whence = 0 | 1 | 2;

/** `SeekMode`: from the start, from where the file stands, from the end. */
export const SeekMode = serde<Whence>((value) => {
  if (value === 0 || value === 1 || value === 2) return value;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw refuse(`invalid type: ${unexpected(value)}, expected u16`);
  }
  if (value < 0 || value > 0xffff) throw refuse(`invalid value: ${unexpected(value)}, expected u16`);
  throw refuse(`invalid value: ${value}, expected one of: 0, 1, 2`);
});

const base = { baseDir: Directory.nullish() };
const mode = z.uint32().nullish();

export const BaseOptions = z.object(base).nullish();
export const MkdirOptions = z.object({ ...base, mode, recursive: z.boolean().nullish() }).nullish();
export const RemoveOptions = z.object({ ...base, recursive: z.boolean().nullish() }).nullish();
export const CopyOptions = z
  .object({ fromPathBaseDir: Directory.nullish(), toPathBaseDir: Directory.nullish() })
  .nullish();
export const RenameOptions = z
  .object({ oldPathBaseDir: Directory.nullish(), newPathBaseDir: Directory.nullish() })
  .nullish();
export const WatchOptions = z
  .object({ ...base, recursive: z.boolean().default(false), delayMs: integer('u64', 0).nullish() })
  .meta({ title: 'WatchOptions' });

const OpenFlags = z.object({
  ...base,
  read: z.boolean().default(true),
  write: z.boolean().default(false),
  append: z.boolean().default(false),
  truncate: z.boolean().default(false),
  create: z.boolean().default(false),
  createNew: z.boolean().default(false),
  mode,
});
export const OpenOptions = OpenFlags.nullish();
/** `open` without options reads. */
export const READ: OpenOptions = OpenFlags.parse({});
export type OpenOptions = Omit<z.infer<typeof OpenFlags>, 'baseDir'>;

const WriteOptions = z.object({
  ...base,
  append: z.boolean().default(false),
  create: z.boolean().default(true),
  createNew: z.boolean().default(false),
  mode,
});

const DEFAULTS = WriteOptions.parse({});

/** `write_text_file` of the npm package 2.0.0 */
const OldWritten = z.object({ path: PathArgument, data: z.string(), options: WriteOptions.nullish() });

/** The path as the scope takes it. */
export function requested(path: string, baseDir: FsRequest['baseDir'] | null): FsRequest {
  return { path, baseDir: baseDir ?? undefined };
}

/** What `write_file` and `write_text_file` say: bytes as the body, everything else in headers. */
export interface Written {
  readonly data: Uint8Array;
  readonly file: FsRequest;
  readonly options: OpenOptions;
}

export function readWritten({ body, headers }: Request): Written {
  if (body.kind === 'json') {
    const old = OldWritten.safeParse(body.value);
    if (old.success)
      return written(new TextEncoder().encode(old.data.data), old.data.path, old.data.options ?? DEFAULTS);
  }
  const data = body.kind === 'raw' ? body.bytes : bytesOf(body.value);
  const path = headers.get('path');
  if (path === null) throw reject('missing file path');
  const decoded = percentDecoded(path);
  const safe = unsafeReason(decoded);
  if (typeof safe === 'string') throw reject(safe === NOT_A_PATH ? safe : `Unsafe PathBuf: ${safe}`);
  return written(data, safe.path, writeOptions(headers.get('options')));
}

function written(data: Uint8Array, path: string, { baseDir, append, ...given }: z.infer<typeof WriteOptions>): Written {
  const options = { ...given, append, read: false, write: true, truncate: !append };
  return { data, file: requested(path, baseDir), options };
}

/** Options that cannot be read count as absent: `JSON.stringify(undefined)` becomes the text `undefined`. */
function writeOptions(header: string | null): z.infer<typeof WriteOptions> {
  let given: unknown = {};
  try {
    given = JSON.parse(header ?? '{}');
  } catch {
    given = {};
  }
  const options = WriteOptions.safeParse(given);
  return options.success ? options.data : DEFAULTS;
}

/** A list of numbers as bytes; what is no number in it is left out, and what is too large is cut, as Tauri does. */
function bytesOf(value: unknown): Uint8Array {
  if (!Array.isArray(value)) throw reject('unexpected invoke body');
  return Uint8Array.from(value.filter((each) => Number.isInteger(each) && each >= 0));
}

/** `%41` and the like as bytes, read as UTF-8; a `%` without two digits stands for itself. */
function percentDecoded(text: string): string {
  const bytes = Buffer.from(
    text.replace(/%([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  );
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw Object.assign(reject('path is not a valid UTF-8'), { cause: error });
  }
}
