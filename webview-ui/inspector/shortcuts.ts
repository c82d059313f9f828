/**
 * Keys that work wherever the focus is in the page; the list's own are in listKeys.ts. They are not keybindings of VS
 * Code: those take the way over the extension host, and what is selected may be something else when they are back.
 */
import { useEffect } from 'preact/hooks';
import type { ListAction } from '#core/inspector-messages.ts';
import type { Inspector } from './inspector.ts';

const ACTIONS: Readonly<Record<string, ListAction>> = {
  n: 'nextFailure',
  p: 'previousFailure',
  ']': 'nextSame',
  '[': 'previousSame',
  g: 'goToMessage',
  r: 'resend',
  e: 'editResend',
  k: 'mark',
  ';': 'note',
  d: 'compare',
  o: 'openPayload',
  w: 'toggleSequence',
  ' ': 'toggleRecording',
  '?': 'showKeys',
};

/** Where keys go: text is typed, a control is pressed, or they are for the list. */
type FocusKind = 'text' | 'control' | 'list';

export function useShortcuts(inspector: Inspector, filter: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const focusFilter = () => {
      filter.current?.focus();
      filter.current?.select();
    };
    const meaningOf = (event: KeyboardEvent): (() => void) | undefined => {
      const { key, shiftKey } = event;
      const kind = focusKindOf(event.target);
      if (event.ctrlKey || event.metaKey) {
        if (shiftKey) return undefined;
        return key === 'f' ? focusFilter : key === 'l' ? () => inspector.clear() : undefined;
      }
      if (key === 'F3') return () => inspector.findNext(shiftKey ? -1 : 1);
      // A button takes Space for itself.
      if (kind === 'text' || (kind === 'control' && key === ' ')) return undefined;
      if (key === '/') return focusFilter;
      if (key === 'c') return () => inspector.run('copyMessages');
      const action = ACTIONS[key];
      return action && (() => inspector.list.act(action));
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return;
      const meaning = meaningOf(event);
      if (!meaning) return;
      event.preventDefault();
      meaning();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [inspector, filter]);
}

/** Keeps VS Code told of the focus, for keybindings of its users. */
export function useFocusReport(inspector: Inspector): void {
  useEffect(() => {
    let said = '';
    const report = (focused: boolean) => {
      const typing = focused && focusKindOf(document.activeElement) === 'text';
      const saying = `${focused} ${typing}`;
      if (saying === said) return;
      said = saying;
      inspector.list.reportFocus(focused, typing);
    };
    const onFocus = () => report(true);
    const onBlur = () => report(false);
    // What had the focus may be gone, and nothing has it now.
    const onFocusOut = () => queueMicrotask(() => report(document.hasFocus()));
    document.addEventListener('focusin', onFocus);
    document.addEventListener('focusout', onFocusOut);
    window.addEventListener('focus', onFocus);
    window.addEventListener('blur', onBlur);
    if (document.hasFocus()) onFocus();
    return () => {
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('focusout', onFocusOut);
      window.removeEventListener('focus', onFocus);
      window.removeEventListener('blur', onBlur);
    };
  }, [inspector]);
}

const NO_TEXT = new Set(['checkbox', 'radio', 'button']);

function focusKindOf(target: EventTarget | null): FocusKind {
  if (!(target instanceof Element)) return 'list';
  const isInput = target instanceof HTMLInputElement && !NO_TEXT.has(target.type);
  if (isInput || target instanceof HTMLTextAreaElement || target.closest('[role=dialog]')) return 'text';
  return target.closest('button, input, [role=tab], [role=button], [role=columnheader]') ? 'control' : 'list';
}
