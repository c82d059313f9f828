/** The levels of console lines: the stream alone would make `warn` an error and `debug` information. */

/** Stands before a line on stdout or stderr. */
export const LEVEL_MARK = { debug: '\u0002d', warn: '\u0002w' } as const;

type Write = typeof process.stdout.write;

/** Makes the console of this process tell its levels. */
export function markLevels(): void {
  mark(process.stdout, 'debug');
  mark(process.stderr, 'warn');
}

/** Marks each line that `console[method]` writes to `stream`. */
function mark(stream: NodeJS.WriteStream, method: keyof typeof LEVEL_MARK): void {
  const print = console[method].bind(console);
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
  let marking = false;
  stream.write = ((chunk: unknown, ...rest: unknown[]) =>
    write(
      marking && typeof chunk === 'string' ? chunk.replace(/^(?=[^])/gm, LEVEL_MARK[method]) : chunk,
      ...rest,
    )) as Write;
  console[method] = (...values: unknown[]) => {
    marking = true;
    try {
      print(...values);
    } finally {
      marking = false;
    }
  };
}
