/**
 * Errors of the system in the words of Rust's `std::io::Error`, `{text} (os error {number})`: apps compare them, and what
 * a page shows under Tauri it shows here too.
 */
import { constants } from 'node:os';
import { reject, Rejection } from '#core/error.ts';

/** What `strerror` says, by Node's code. */
const UNIX: Readonly<Record<string, string>> = {
  EPERM: 'Operation not permitted',
  ENOENT: 'No such file or directory',
  EINTR: 'Interrupted system call',
  EIO: 'Input/output error',
  ENXIO: 'No such device or address',
  EBADF: 'Bad file descriptor',
  EAGAIN: 'Resource temporarily unavailable',
  ENOMEM: 'Cannot allocate memory',
  EACCES: 'Permission denied',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  EXDEV: 'Invalid cross-device link',
  ENODEV: 'No such device',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EINVAL: 'Invalid argument',
  ENFILE: 'Too many open files in system',
  EMFILE: 'Too many open files',
  ETXTBSY: 'Text file busy',
  EFBIG: 'File too large',
  ENOSPC: 'No space left on device',
  ESPIPE: 'Illegal seek',
  EROFS: 'Read-only file system',
  EMLINK: 'Too many links',
  EPIPE: 'Broken pipe',
  ENAMETOOLONG: 'File name too long',
  ENOSYS: 'Function not implemented',
  ENOTEMPTY: 'Directory not empty',
  ELOOP: 'Too many levels of symbolic links',
  EOVERFLOW: 'Value too large for defined data type',
  ENOTSUP: 'Operation not supported',
  ETIMEDOUT: 'Connection timed out',
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EHOSTUNREACH: 'No route to host',
  ENETUNREACH: 'Network is unreachable',
  EDQUOT: 'Disk quota exceeded',
  ESTALE: 'Stale file handle',
};

/** Where macOS has other words. */
const MAC: Readonly<Record<string, string>> = {
  ENXIO: 'Device not configured',
  EBUSY: 'Resource busy',
  EXDEV: 'Cross-device link',
  ENODEV: 'Operation not supported by device',
  EOVERFLOW: 'Value too large to be stored in data type',
  ETIMEDOUT: 'Operation timed out',
  EADDRNOTAVAIL: "Can't assign requested address",
  EDQUOT: 'Disc quota exceeded',
  ESTALE: 'Stale NFS file handle',
};

/** Windows has numbers of its own. Node keeps only its code; of several that it stands for, this is the most common. */
const WINDOWS: Readonly<Record<string, readonly [text: string, number: number]>> = {
  ENOENT: ['The system cannot find the file specified.', 2],
  EMFILE: ['The system cannot open the file.', 4],
  EACCES: ['Access is denied.', 5],
  EPERM: ['Access is denied.', 5],
  EISDIR: ['Access is denied.', 5],
  EBADF: ['The handle is invalid.', 6],
  ENOMEM: ['Not enough memory resources are available to process this command.', 8],
  EXDEV: ['The system cannot move the file to a different disk drive.', 17],
  EROFS: ['The media is write protected.', 19],
  EBUSY: ['The process cannot access the file because it is being used by another process.', 32],
  EINVAL: ['The parameter is incorrect.', 87],
  EPIPE: ['The pipe has been ended.', 109],
  ENOSPC: ['There is not enough space on the disk.', 112],
  ENAMETOOLONG: ['The filename, directory name, or volume label syntax is incorrect.', 123],
  ESPIPE: ['The file pointer cannot be set on the specified device or file.', 132],
  ENOTEMPTY: ['The directory is not empty.', 145],
  EEXIST: ['Cannot create a file when that file already exists.', 183],
  EFBIG: ['The file size exceeds the limit allowed and cannot be saved.', 223],
  ENOTDIR: ['The directory name is invalid.', 267],
  ELOOP: ['The name of the file cannot be resolved by the system.', 1921],
  ECONNRESET: ['An existing connection was forcibly closed by the remote host.', 10054],
  ETIMEDOUT: ['The connected party did not properly respond after a period of time.', 10060],
  ECONNREFUSED: ['No connection could be made because the target machine actively refused it.', 10061],
};

/** An error as the system makes it, for what is refused before the system is asked. */
export function ioError(code: keyof typeof constants.errno): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code, errno: -constants.errno[code] });
}

export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException | null)?.code ?? '';

/** What Rust's `io::Error` would say of an error of Node's. What is none of the system's says what it says. */
export function ioErrorText(error: unknown, platform: NodeJS.Platform = process.platform): string {
  const { code = '', errno, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_INVALID_ARG_VALUE') return 'file name contained an unexpected NUL byte';
  if (platform === 'win32') {
    const known = WINDOWS[code];
    return known ? `${known[0]} (os error ${known[1]})` : message;
  }
  const text = (platform === 'darwin' ? MAC[code] : undefined) ?? UNIX[code];
  return text === undefined || errno === undefined ? message : `${text} (os error ${Math.abs(errno)})`;
}

/** The rejection of a command for what the system said: `before`, then Rust's words. A refusal stays what it is. */
export function ioRejection(before: string, error: unknown): Rejection {
  return error instanceof Rejection ? error : reject(before + ioErrorText(error));
}
