import { expect, onTestFinished, test, vi } from 'vitest';
import type * as vscode from 'vscode';

/** VS Code's groups: one may fill the area until another is chosen. */
const groups = { count: 2, active: 1, full: 0, changed: () => undefined as void };
const choose = (column: number) => {
  groups.active = column;
  if (groups.full !== column) groups.full = 0;
  groups.changed();
};

vi.mock('vscode', () => ({
  window: {
    tabGroups: {
      get all() {
        return Array.from({ length: groups.count });
      },
      get activeTabGroup() {
        return { viewColumn: groups.active };
      },
      onDidChangeTabGroups: (listener: () => void) => {
        groups.changed = listener;
        return { dispose: () => void (groups.changed = () => undefined) };
      },
    },
  },
  commands: {
    executeCommand: async () => {
      groups.full = groups.full === groups.active ? 0 : groups.active;
    },
  },
}));

test('a group fills the area when that is asked, and not when it is asked twice', async () => {
  const { Maximized } = await import('../../../extension/plugin-host/maximized.ts');
  const panels: Record<string, vscode.WebviewPanel> = {};
  for (const [label, viewColumn] of [
    ['a', 1],
    ['b', 2],
  ] as const) {
    panels[label] = { viewColumn, reveal: () => choose(viewColumn) } as unknown as vscode.WebviewPanel;
  }
  const maximized = new Maximized((label) => panels[label]);
  onTestFinished(() => maximized.dispose());
  const set = async (label: string, on: boolean) => {
    await maximized.set(label, on);
    return groups.full;
  };
  expect(await set('a', false)).toBe(0);
  expect([await set('a', true), await set('a', true)]).toEqual([1, 1]);
  expect([await set('b', false), await set('a', false), await set('a', false)]).toEqual([1, 0, 0]);
  // The user looks at another group: VS Code gives it its room, and the next time counts anew.
  expect(await set('a', true)).toBe(1);
  choose(2);
  expect([groups.full, await set('a', true), await set('b', true)]).toEqual([0, 1, 2]);
  groups.count = 1;
  choose(1);
  expect([await set('a', true), await set('nobody', true)]).toEqual([0, 0]);
});
