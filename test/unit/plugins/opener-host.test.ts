import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { OpenerHost } from '../../../extension/plugins/opener.ts';
import { outcome } from './harness.ts';

/** What VS Code was asked to do, and what it is like. */
const vscode = {
  asked: [] as unknown[][],
  remoteName: undefined as string | undefined,
  uiKind: 1,
  opens: true,
};

const module = () => ({
  env: {
    get remoteName() {
      return vscode.remoteName;
    },
    get uiKind() {
      return vscode.uiKind;
    },
    openExternal: async (target: unknown) => {
      vscode.asked.push(['openExternal', target]);
      return vscode.opens;
    },
  },
  UIKind: { Desktop: 1, Web: 2 },
  FileType: { File: 1, Directory: 2 },
  Uri: { file: (fsPath: string) => ({ fsPath }) },
  commands: { executeCommand: async (...args: unknown[]) => void vscode.asked.push(args) },
  workspace: {
    fs: { stat: async ({ fsPath }: { fsPath: string }) => ({ type: fsPath.endsWith('.txt') ? 1 : 2 }) },
    getWorkspaceFolder: ({ fsPath }: { fsPath: string }) => (fsPath.startsWith('/project/') ? {} : undefined),
  },
});

let opener: OpenerHost;

// Files share their modules: another one may have a `vscode` of its own.
beforeAll(async () => {
  vi.resetModules();
  vi.doMock('vscode', module);
  const { createOpener } = await import('../../../extension/plugin-host/opener.ts');
  opener = createOpener();
});
afterAll(() => {
  vi.doUnmock('vscode');
  vi.resetModules();
});

const uri = (fsPath: string) => ({ fsPath });
const asked = async (call: unknown) => [await outcome(Promise.resolve(call)), vscode.asked.splice(0)];

beforeEach(() => {
  Object.assign(vscode, { remoteName: undefined, uiKind: 1, opens: true });
});

test('on the machine of the user, the system opens and shows', async () => {
  expect(opener.local).toBe(true);
  // As it is written: a Uri would change it.
  const url = 'https://x.y/?a=b%20c&d=#e';
  expect(await asked(opener.openUrl(url))).toEqual([{ ok: true }, [['openExternal', url]]]);
  expect(await asked(opener.openPath('/project/a.txt'))).toEqual([
    { ok: undefined },
    [['openExternal', uri('/project/a.txt')]],
  ]);
  expect(await asked(opener.reveal('/etc'))).toEqual([{ ok: undefined }, [['revealFileInOS', uri('/etc')]]]);
  expect(await asked(opener.browse(url))).toEqual([{ ok: undefined }, [['simpleBrowser.show', url]]]);
  vscode.opens = false;
  expect(await outcome(Promise.resolve(opener.openUrl(url)))).toEqual({ ok: false });
  expect(await asked(opener.openPath('/a.txt'))).toMatchObject([
    { error: { message: 'VS Code did not open /a.txt' } },
    {},
  ]);
});

test.each([{ remoteName: 'ssh-remote' }, { uiKind: 2 }])(
  'with %j VS Code itself opens and shows what it can',
  async (place) => {
    Object.assign(vscode, place);
    expect(opener.local).toBe(false);
    expect(await asked(opener.openPath('/etc/a.txt'))).toEqual([
      { ok: undefined },
      [['vscode.open', uri('/etc/a.txt')]],
    ]);
    expect(await asked(opener.openPath('/project/folder'))).toEqual([
      { ok: undefined },
      [['revealInExplorer', uri('/project/folder')]],
    ]);
    expect(await asked(opener.reveal('/project/a.txt'))).toEqual([
      { ok: undefined },
      [['revealInExplorer', uri('/project/a.txt')]],
    ]);
    expect(await asked(opener.reveal('/etc/a.txt'))).toMatchObject([
      {
        error: {
          value:
            'opener.reveal_item_in_dir is not supported in a VS Code panel (/etc/a.txt lies on another machine, outside of the workspace that is shown of it)',
        },
      },
      [],
    ]);
  },
);
