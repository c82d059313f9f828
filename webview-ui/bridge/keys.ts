/**
 * Keys that are VS Code's, not the page's: they are handed to the wrapper page, which passes them on. Without this the
 * command palette, and every other shortcut, would be dead while an app's window has the focus.
 */

/** What VS Code looks at in a KeyboardEvent: what is handed on. */
const MEMBERS = ['key', 'code', 'keyCode', 'ctrlKey', 'metaKey', 'altKey', 'shiftKey', 'repeat'] as const;

/** Hands on shortcuts and function keys that the page has not taken for itself; editing stays with the page. */
export function forwardKeys(post: (key: KeyboardEventInit) => void): void {
  addEventListener('keydown', (event) => {
    const { key, altKey } = event;
    const command = event.ctrlKey || event.metaKey;
    const shortcut = /^.$/u.test(key)
      ? (command && (altKey || !/[acvxyz]/i.test(key))) || altKey
      : /^(F\d+|Escape)$/.test(key);
    if (event.defaultPrevented || !shortcut || event.getModifierState('AltGraph')) return;
    // Else the browser would print or search the frame.
    if (command) event.preventDefault();
    post(Object.fromEntries(MEMBERS.map((member) => [member, event[member]])));
  });
}
