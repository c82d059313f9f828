/** The events that Tauri 2 emits itself. */

export interface TauriEvent {
  /** as TypeScript */
  readonly payload: string;
  readonly text: string;
}

export const TAURI_EVENTS: Readonly<Record<string, TauriEvent>> = {
  'tauri://resize': { payload: 'PhysicalSize', text: 'The window has another size.' },
  'tauri://move': { payload: 'PhysicalPosition', text: 'The window has another position.' },
  'tauri://close-requested': { payload: 'null', text: 'The window is asked to close. Who listens has to close it.' },
  'tauri://destroyed': { payload: 'null', text: 'The window is gone.' },
  'tauri://focus': { payload: 'null', text: 'The window has the focus.' },
  'tauri://blur': { payload: 'null', text: 'The window has the focus no more.' },
  'tauri://scale-change': {
    payload: '{ scaleFactor: number; size: PhysicalSize }',
    text: 'The window is on a screen with another scale factor.',
  },
  'tauri://theme-changed': { payload: "'light' | 'dark'", text: 'The system has another theme.' },
  'tauri://window-created': { payload: '{ label: string }', text: 'There is a new window.' },
  'tauri://webview-created': { payload: '{ label: string }', text: 'There is a new webview.' },
  'tauri://suspended': { payload: 'null', text: 'The app is no longer in the foreground; on phones and tablets.' },
  'tauri://resumed': { payload: 'null', text: 'The app is in the foreground again; on phones and tablets.' },
  'tauri://drag-enter': {
    payload: '{ paths: string[]; position: PhysicalPosition }',
    text: 'Files are dragged into the webview.',
  },
  'tauri://drag-over': { payload: '{ position: PhysicalPosition }', text: 'Files are dragged over the webview.' },
  'tauri://drag-drop': {
    payload: '{ paths: string[]; position: PhysicalPosition }',
    text: 'Files are dropped on the webview.',
  },
  'tauri://drag-leave': { payload: 'null', text: 'Files are dragged out of the webview.' },
};
