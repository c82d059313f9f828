/** What stays of a file while its code is broken. */
import type { RustCommand, RustFile, Span } from './model.ts';

/** The file with what the last reading had and this one lost: what is still there by its name. */
export function withLastGood(file: RustFile, last: RustFile | undefined): RustFile {
  const { damage } = file;
  if (!damage || !last) return file;
  const commands = last.commands.flatMap((command) => {
    const isRead = file.commands.some((each) => each.rustName === command.rustName);
    const found = isRead ? undefined : damage.functions.find(({ name }) => name === command.rustName);
    return found ? [movedTo(command, found.at)] : [];
  });
  const types = last.types.filter(
    ({ name }) => damage.types.includes(name) && !file.types.some((each) => each.name === name),
  );
  const keepsLists = damage.hasLists && file.registered.length < last.registered.length;
  return {
    ...file,
    commands: [...file.commands, ...commands],
    types: [...file.types, ...types],
    registered: keepsLists ? last.registered : file.registered,
  };
}

/** A command whose function stands at another line now. */
function movedTo(command: RustCommand, at: Span): RustCommand {
  const lines = at.start.line - command.at.start.line;
  const moved = ({ start, end }: Span): Span => ({
    start: { ...start, line: start.line + lines },
    end: { ...end, line: end.line + lines },
  });
  return {
    ...command,
    line: command.line + lines,
    endLine: command.endLine + lines,
    at,
    whole: moved(command.whole),
    ...(command.literal && { literal: moved(command.literal) }),
    args: command.args.map((argument) => ({ ...argument, at: moved(argument.at) })),
  };
}
