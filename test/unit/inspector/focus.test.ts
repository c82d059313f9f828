import { expect, test } from 'vitest';
import type { ToInspector } from '#core/inspector-messages.ts';
import { type ActivePage, InspectorFocus } from '../../../extension/inspector/focus.ts';

function start() {
  const revealed: unknown[] = [];
  const context: Record<string, boolean> = {};
  const focus = new InspectorFocus((key, value) => (context[key.replace('ipcWorkbench.inspector', '')] = value));
  const page = (isVisible = true) => {
    const posted: ToInspector[] = [];
    const made: ActivePage & { readonly posted: readonly ToInspector[] } = {
      posted,
      isVisible: () => isVisible,
      reveal: () => revealed.push(made),
      post: (message: ToInspector) => posted.push(message),
    };
    focus.opened(made);
    return made;
  };
  return { context, focus, page, revealed };
}

test('commands go to the page that has the focus, or had it last', () => {
  const { focus, page, revealed } = start();
  const [panel, editor] = [page(), page()];
  focus.focus(panel, true, false);
  focus.focus(editor, true, false);
  focus.focus(editor, false, false); // the palette has it
  expect(focus.act('mark')).toBe(true);
  focus.focus(panel, true, false);
  focus.act('note');
  expect(revealed).toEqual([editor]); // what came from the palette or a menu gives the focus back
  expect([panel.posted, editor.posted]).toEqual([[{ kind: 'act', action: 'note' }], [{ kind: 'act', action: 'mark' }]]);
});

test('a page that is not to be seen does nothing', () => {
  const { focus, page } = start();
  const hidden = page(false);
  expect([focus.act('mark'), hidden.posted]).toEqual([false, []]);
  const seen = page();
  expect([focus.act('mark'), seen.posted.length]).toEqual([true, 1]);
});

test('VS Code knows when keys are for the list, and when they are text', () => {
  const { context, focus, page } = start();
  const [panel, editor] = [page(), page()];
  focus.focus(panel, true, true);
  expect(context).toEqual({ Open: true, Focus: true, Typing: true });
  focus.focus(editor, true, false);
  focus.focus(panel, false, false); // it hears late that it lost the focus
  expect(context).toEqual({ Open: true, Focus: true, Typing: false });
});

test('a page that closes takes its focus along', () => {
  const { context, focus, page } = start();
  const panel = page();
  focus.focus(panel, true, false);
  focus.closed(panel);
  expect([context, focus.act('mark')]).toEqual([{ Open: false, Focus: false, Typing: false }, false]);
});
