/** @jsxImportSource preact */
/** The inspector's page as tests see it: drawn into a document without layout, its host a list of what it posted. */
import { act } from 'preact/test-utils';
import { render } from 'preact';
import type { FromInspector, ToInspector } from '#core/inspector-messages.ts';
import { App } from '../../../webview-ui/inspector/app.tsx';
import { Inspector } from '../../../webview-ui/inspector/inspector.ts';

// There is no layout here: every box that scrolls is as high as a panel.
Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 440 });
Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 1200 });

export interface ShownInspector {
  /** what it said to the host, but for where the focus is */
  readonly posted: FromInspector[];
  readonly focus: (FromInspector & { readonly kind: 'focus' })[];
  readonly inspector: Inspector;
  /** the host says something; done when it is drawn */
  say(message: ToInspector): Promise<void>;
  hide(): void;
}

export async function showInspector(): Promise<ShownInspector> {
  const root = document.createElement('div');
  document.body.append(root);
  const posted: FromInspector[] = [];
  const focus: ShownInspector['focus'] = [];
  const frames: (() => void)[] = [];
  let listener: (message: ToInspector) => void = () => {};
  const inspector = new Inspector(
    {
      post: (message) => (message.kind === 'focus' ? focus.push(message) : posted.push(message)),
      onMessage: (given) => (listener = given),
      loadState: () => undefined,
      saveState: () => {},
    },
    // Each message is drawn by itself, and nothing waits.
    { frame: (task) => frames.push(task), later: (task) => (task(), 0), cancel: () => {}, now: () => 0 },
  );
  await act(() => render(<App inspector={inspector} />, root));
  return {
    posted,
    focus,
    inspector,
    say: (message) =>
      act(() => {
        listener(message);
        for (const frame of frames.splice(0)) frame();
      }),
    hide: () => {
      render(null, root);
      root.remove();
    },
  };
}

export const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];

/** What a screen reader says of an element: its label, or its text with the labels in it. */
export const wordsOf = (element: Element): string =>
  element.getAttribute('aria-label') ??
  [...element.childNodes]
    .map((child) => (child instanceof Element ? wordsOf(child) : (child.textContent ?? '')))
    .join(' ')
    .replace(/ +/g, ' ')
    .trim();
