/**
 * Which page of the inspector the commands of the list are for: the one that has the focus, or had it last. Context
 * keys are for keybindings of users (`ipcWorkbench.inspectorFocus`, `ipcWorkbench.inspectorTyping`).
 */
import type { ListAction, ToInspector } from '#core/inspector-messages.ts';

export interface Sight {
  readonly isVisible: () => boolean;
  /** brings it into sight and gives it the focus */
  readonly reveal: () => void;
}

/** A page that commands can be sent to. */
export interface ActivePage extends Sight {
  post(message: ToInspector): void;
}

export class InspectorFocus {
  readonly #setContext: (key: string, value: boolean) => void;
  /** the last one is the one that had the focus last */
  #pages: ActivePage[] = [];
  #focused: ActivePage | undefined;

  constructor(setContext: (key: string, value: boolean) => void) {
    this.#setContext = setContext;
  }

  opened(page: ActivePage): void {
    this.#pages = [page, ...this.#pages];
    this.#setContext('ipcWorkbench.inspectorOpen', true);
  }

  closed(page: ActivePage): void {
    this.#pages = this.#pages.filter((other) => other !== page);
    if (this.#focused === page) this.focus(page, false, false);
    this.#setContext('ipcWorkbench.inspectorOpen', this.#pages.length > 0);
  }

  focus(page: ActivePage, focused: boolean, typing: boolean): void {
    // The page that lost the focus may say so after the one that got it.
    if (!focused && this.#focused !== page) return;
    this.#focused = focused ? page : undefined;
    if (focused) this.#pages = [...this.#pages.filter((other) => other !== page), page];
    this.#setContext('ipcWorkbench.inspectorFocus', focused);
    this.#setContext('ipcWorkbench.inspectorTyping', typing);
  }

  /** Lets the page do something; false where none is to be seen. */
  act(action: ListAction): boolean {
    const page = this.#focused ?? this.#pages.findLast((each) => each.isVisible());
    page?.post({ kind: 'act', action });
    // The palette and menus do not give it back to a webview.
    if (page && page !== this.#focused) page.reveal();
    return page !== undefined;
  }
}
