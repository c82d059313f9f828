/** Handlers in `src-ipc/main.ts` for commands that have none. */
import { posix } from 'node:path';
import { applyEdits, type TextEdit } from '#core/acl/edit.ts';
import type { WorkspaceEdit } from 'vscode-languageserver';
import { findBackend } from '../project/index.ts';
import { addHandler, addStub } from '../rust/index.ts';
import { argumentReads } from '../script/index.ts';
import type { ArgumentKey, CallSite, FileRange } from '../index/facts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { changeFile, createFile, type Documents, editOf, type Fix, rangesOf } from './fix.ts';

/** The handler of a command that only a call tells of: with the keys of the call. */
export function handlerOfCall(project: ProjectIndex, { args }: CallSite, name: string): Fix {
  const keys = args.kind === 'object' ? args.keys : [];
  return handlerFix(project, name, (source) =>
    addHandler(source, { name, args: keys.map(({ key, value }) => ({ key, schema: SCHEMAS[value] })) }),
  );
}

const SCHEMAS = {
  string: 'z.string()',
  number: 'z.number()',
  boolean: 'z.boolean()',
  null: 'z.json()',
  array: 'z.array(z.json())',
  object: 'z.json()',
  function: 'channel()',
  channel: 'channel()',
  other: 'z.json()',
} as const;

/** The handler of a Rust command: with its arguments' types. */
export function handlerOfRust(project: ProjectIndex, name: string): Fix {
  return handlerFix(project, name, (source, javascript) => {
    const command = project.rust.find(name);
    const shown = (path: string) => posix.relative(project.folder.root, path);
    return command ? addStub(source, command, project.rust, { javascript, shown }) : [];
  });
}

/** Takes an argument under another key: in the schema of a handler, and where its function reads it. */
export function renameHandlerKey(
  handler: FileRange,
  { key, at, isShorthand }: Pick<ArgumentKey, 'at' | 'isShorthand' | 'key'>,
  to: string,
): Fix {
  return changeFile(
    `Change the key to "${to}"`,
    at.file,
    (document) => {
      const text = document.getText();
      const edit = ({ start, end }: FileRange['range'], newText: string): TextEdit => {
        const offset = document.offsetAt(start);
        return { offset, length: document.offsetAt(end) - offset, newText };
      };
      const reads = handler.file === at.file ? argumentReads(text, handler.range.start, key) : undefined;
      // Where the function cannot be read, its compiler says what it lacks.
      return [
        edit(at.range, isShorthand ? `${to}: ${key}` : to),
        ...(reads ?? []).map((read) => edit(read.range, read.text(to))),
      ];
    },
    true,
  );
}

function handlerFix(
  { folder }: ProjectIndex,
  name: string,
  edits: (source: string, javascript: boolean) => TextEdit[],
): Fix {
  const file = findBackend(folder.root)?.replaceAll('\\', '/');
  const shown = file?.slice(folder.root.length + 1) ?? BACKEND;
  return {
    title: `Create a handler for "${name}" in ${shown}`,
    edit: async (documents: Documents): Promise<WorkspaceEdit | undefined> => {
      if (file === undefined) return createFile(`${folder.root}/${BACKEND}`, applyEdits('', edits('', false)));
      const document = await documents.readDocument(file);
      const made = document ? edits(document.getText(), /\.m?js$/.test(file)) : [];
      return document && made.length > 0 ? editOf(file, rangesOf(document, made)) : undefined;
    },
  };
}

const BACKEND = 'src-ipc/main.ts';
