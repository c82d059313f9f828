/** Rust's text for the common failures of files; Node's own for the others. */
export function ioText(error: NodeJS.ErrnoException, windows: boolean): string {
  const texts: Readonly<Record<string, string>> = windows
    ? {
        ENOENT: 'The system cannot find the file specified. (os error 2)',
        EACCES: 'Access is denied. (os error 5)',
      }
    : {
        ENOENT: 'No such file or directory (os error 2)',
        EACCES: 'Permission denied (os error 13)',
        ENOTDIR: 'Not a directory (os error 20)',
        EISDIR: 'Is a directory (os error 21)',
      };
  return texts[error.code ?? ''] ?? error.message;
}
