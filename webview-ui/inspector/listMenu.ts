/** What VS Code's own context menu is told of the place where it opens (`webview/context` in package.json). */
import type { Inspector } from './inspector.ts';

/** Runs before the menu opens: what is under the pointer gets selected, and the menu is told what it is. */
export function prepareMenu(event: MouseEvent, inspector: Inspector): void {
  const { currentTarget: grid, target } = event;
  if (!(grid instanceof HTMLElement) || !(target instanceof Element)) return;
  const { list } = inspector;
  const row = target.closest('[data-id]');
  const header = target.closest('.header');
  if (!row && !header && event.isTrusted && redirect(event, grid, inspector)) return;
  const id = Number(row?.getAttribute('data-id') ?? 0);
  if (row && !list.selection.value.has(id)) list.pick(id, 'one');
  const message = inspector.find(id);
  grid.dataset['vscodeContext'] = JSON.stringify({
    preventDefaultContextMenuItems: true,
    webviewSection: header ? 'columns' : message ? 'message' : 'list',
    ...(message && {
      ipcKind: message.kind,
      ipcSelected: list.selection.value.size,
      ipcMarked: message.marked === true,
    }),
  });
}

/** The Menu key and Shift+F10 mean the line that the keys are on, not the middle of the list. */
function redirect(event: MouseEvent, grid: HTMLElement, inspector: Inspector): boolean {
  const row = document.getElementById(`row-${inspector.selected.value}`);
  if (!row || !grid.contains(row) || document.activeElement !== grid || event.button === 2) return false;
  event.preventDefault();
  event.stopPropagation();
  const { left, bottom } = row.getBoundingClientRect();
  row.dispatchEvent(
    new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: left + 24, clientY: bottom }),
  );
  return true;
}
