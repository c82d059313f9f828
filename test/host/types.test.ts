// What the editor knows of handlers in a project without node_modules, as VS Code's own TypeScript tells it.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { closeEverything, eventually, until, workspaceFolder } from './workbench.ts';

const MAIN = `import { app, command } from 'ipc-workbench';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { shout } from './helper.ts';

const greet = command('greet', { args: { name: z.string() } }, ({ name }, context) => {
  context.window.emit('greeted', process.pid);
  return shout(name);
});
const read = command('read', { args: { path: z.string() } }, ({ path }) => readFile(path, 'utf8'));

export default app({ commands: [greet, read] });
`;
const HELPER = 'export const shout = (text: string): string => text.toUpperCase();\n';
const PAGE = `import { ipc } from 'ipc-workbench';
import type backend from '../src-ipc/main';

export const text: string = await ipc<typeof backend>().greet({ name: 7 });
export const file: number = await ipc<typeof backend>().read({ path: 'x' });
`;

describe('the editor', () => {
  const path = (file: string) => join(workspaceFolder().fsPath, 'typed', file);

  before(function () {
    // A desktop VS Code has it; the server of the tests where E2E_BUILTIN says so.
    if (!vscode.extensions.getExtension('vscode.typescript-language-features')) this.skip();
    for (const [file, text] of Object.entries({ 'src-ipc/main.ts': MAIN, 'src-ipc/helper.ts': HELPER })) {
      mkdirSync(dirname(path(file)), { recursive: true });
      writeFileSync(path(file), text);
    }
    mkdirSync(path('src'));
    writeFileSync(path('src/page.ts'), PAGE);
  });
  afterEach(closeEverything);
  after(() => rmSync(path('.'), { recursive: true, force: true }));

  const open = async (file: string) =>
    (await vscode.window.showTextDocument(vscode.Uri.file(path(file)), { preview: false })).document;
  const problems = ({ uri }: vscode.TextDocument) =>
    vscode.languages.getDiagnostics(uri).map(({ message, range }) => `${range.start.line + 1}: ${message}`);
  const behind = (document: vscode.TextDocument, text: string) =>
    document.positionAt(document.getText().indexOf(text) + text.length);
  /** The problems once there are as many, and none that is late. */
  const settled = (document: vscode.TextDocument, count: number) =>
    eventually(() => problems(document).length, count, 60_000);

  it('finds nothing wrong in handlers, tells what things are, and sees what is wrong', async function () {
    this.timeout(120_000);
    const document = await open('src-ipc/main.ts');
    const hover = await until(
      async () => {
        const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
          'vscode.executeHoverProvider',
          document.uri,
          behind(document, 'const greet = com'),
        );
        const text = hovers.flatMap(({ contents }) =>
          contents.map((each) => (typeof each === 'string' ? each : each.value)),
        );
        return text.join('\n').includes('Defines a command.') ? text.join('\n') : undefined;
      },
      'the documentation of command',
      60_000,
    );
    assert.match(hover, /Command<"greet"/);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      behind(document, 'context.'),
    );
    const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    for (const member of ['window', 'app', 'authority']) assert.ok(labels.includes(member), labels.join());

    const edit = async (from: string, to: string) => {
      const at = document.getText().indexOf(from);
      const change = new vscode.WorkspaceEdit();
      change.replace(
        document.uri,
        new vscode.Range(document.positionAt(at), document.positionAt(at + from.length)),
        to,
      );
      await vscode.workspace.applyEdit(change);
    };
    // A mistake is red, and nothing else is; without it, nothing is.
    await edit('shout(name)', 'shout(name.length)');
    await settled(document, 1);
    assert.match(
      problems(document)[0] ?? '',
      /^8: Argument of type 'number' is not assignable to parameter of type 'string'/,
    );
    await edit('shout(name.length)', 'shout(name)');
    await settled(document, 0);
    await document.save();
  });

  it('types the calls of a page', async function () {
    this.timeout(120_000);
    const page = await open('src/page.ts');
    await settled(page, 2);
    assert.deepEqual(problems(page), [
      "4: Type 'number' is not assignable to type 'string'.",
      "5: Type 'string' is not assignable to type 'number'.",
    ]);
  });

  it('is not needed: Add Types to the Project puts them beside the handlers as files', async () => {
    const handlers = join(workspaceFolder().fsPath, 'src-ipc');
    try {
      await vscode.commands.executeCommand('ipcWorkbench.addTypes', workspaceFolder());
      for (const name of ['ipc-workbench', 'zod', '@types/node']) {
        assert.ok(existsSync(join(handlers, 'node_modules', name, 'index.d.ts')), name);
      }
      assert.ok(existsSync(join(handlers, 'tsconfig.json')));
    } finally {
      rmSync(join(handlers, 'node_modules'), { recursive: true, force: true });
      rmSync(join(handlers, 'tsconfig.json'), { force: true });
    }
  });
});
