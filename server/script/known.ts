/**
 * What `@tauri-apps/api` and `ipc-workbench` have that matters here, as tables: modules, what their members are, what
 * calls of them give. The names on the right are our own.
 */

/** `invoke`, `listen`, a module, a window's handle … */
export type Known = keyof typeof MEMBERS;

/** The members of what is known; those that matter nowhere are left out. */
const MEMBERS = {
  // where global objects are
  global: {
    window: 'global',
    globalThis: 'global',
    self: 'global',
    top: 'global',
    parent: 'global',
    __TAURI__: 'api',
    __TAURI_INTERNALS__: 'core',
    __TAURI_INVOKE__: 'invoke',
  },
  // modules of @tauri-apps/api, version 1's among them
  api: {
    core: 'core',
    tauri: 'core',
    event: 'eventModule',
    window: 'windowModule',
    webview: 'webviewModule',
    webviewWindow: 'windowModule',
    invoke: 'invoke',
  },
  core: { invoke: 'invoke', Channel: 'Channel' },
  eventModule: {
    listen: 'listen',
    once: 'once',
    emit: 'emit',
    emitTo: 'emitTo',
    TauriEvent: 'TauriEvent',
  },
  windowModule: {
    Window: 'Window',
    WebviewWindow: 'Window',
    getCurrentWindow: 'getCurrent',
    getCurrentWebviewWindow: 'getCurrent',
    getCurrent: 'getCurrent',
    appWindow: 'handle',
  },
  webviewModule: { Webview: 'Webview', getCurrentWebview: 'getCurrent', getCurrent: 'getCurrent' },
  // what they have
  invoke: {},
  Channel: {},
  listen: {},
  once: {},
  emit: {},
  emitTo: {},
  emitFilter: {},
  TauriEvent: {},
  getCurrent: {},
  getByLabel: {},
  Window: { getByLabel: 'getByLabel', getCurrent: 'getCurrent' },
  Webview: { getByLabel: 'getByLabel', getCurrent: 'getCurrent' },
  handle: { listen: 'listen', once: 'once', emit: 'emit', emitTo: 'emitTo', window: 'handle', label: 'label' },
  label: { '===': 'comparedLabel' },
  comparedLabel: {},
  // ipc-workbench
  workbench: { command: 'command', plugin: 'plugin', app: 'defineApp', channel: 'channel' },
  command: {},
  plugin: {},
  defineApp: {},
  channel: {},
  context: { app: 'app', window: 'handle', webview: 'handle' },
  app: {
    emit: 'emit',
    emitTo: 'emitTo',
    emitFilter: 'emitFilter',
    listen: 'listen',
    listenAny: 'listen',
    once: 'once',
    window: 'getByLabel',
  },
} as const;

/** What a member of something known is. */
export function memberOf(known: Known, member: string): Known | undefined {
  const members: Readonly<Record<string, Known>> = MEMBERS[known];
  return Object.hasOwn(members, member) ? members[member] : undefined;
}

/** What a call of something known gives. */
export function resultOf(known: Known): Known | undefined {
  return known === 'getCurrent' || known === 'getByLabel' ? 'handle' : undefined;
}

/** What `new` of something known gives. */
export function instanceOf(known: Known): Known | undefined {
  return known === 'Window' || known === 'Webview' ? 'handle' : undefined;
}

/** A specifier of the package, from npm, a folder or a CDN. */
const TAURI = /(?:^|\/)@tauri-apps\/api(?:@[^/]*)?(?:\/(\w+))?(?:\.m?js)?$/;

/** The module that a specifier names, where it is one of those that are known. */
export function moduleOf(specifier: string): Known | 'elsewhere' | undefined {
  if (specifier === 'ipc-workbench' || specifier.startsWith('ipc-workbench/')) return 'workbench';
  const match = TAURI.exec(specifier);
  if (!match) return undefined;
  const [, part = 'index'] = match;
  return part === 'index' ? 'api' : (memberOf('api', part) ?? 'elsewhere');
}

/** What has a type of one of the modules. */
export function typeNamed(specifier: string, name: string): Known | undefined {
  const module = moduleOf(specifier);
  if (module === undefined || module === 'elsewhere') return undefined;
  if (module === 'workbench') return Object.hasOwn(WORKBENCH_TYPES, name) ? WORKBENCH_TYPES[name] : undefined;
  const made = memberOf(module, name);
  return made && instanceOf(made);
}

const WORKBENCH_TYPES: Readonly<Record<string, Known>> = {
  AppHandle: 'app',
  WindowHandle: 'handle',
  CommandContext: 'context',
};

/** What a name is that no file declares. */
export function globalNamed(name: string): Known | undefined {
  // Projects that import by themselves (unplugin-auto-import), and classic scripts of one page, write a bare `invoke`.
  return name === 'invoke' ? 'invoke' : memberOf('global', name);
}

/** Values of `TauriEvent`, of versions 1 and 2. */
export const TAURI_EVENTS: Readonly<Record<string, string>> = {
  WINDOW_RESIZED: 'tauri://resize',
  WINDOW_MOVED: 'tauri://move',
  WINDOW_CLOSE_REQUESTED: 'tauri://close-requested',
  WINDOW_DESTROYED: 'tauri://destroyed',
  WINDOW_FOCUS: 'tauri://focus',
  WINDOW_BLUR: 'tauri://blur',
  WINDOW_SCALE_FACTOR_CHANGED: 'tauri://scale-change',
  WINDOW_THEME_CHANGED: 'tauri://theme-changed',
  WINDOW_CREATED: 'tauri://window-created',
  WINDOW_SUSPENDED: 'tauri://suspended',
  WINDOW_RESUMED: 'tauri://resumed',
  WEBVIEW_CREATED: 'tauri://webview-created',
  DRAG_ENTER: 'tauri://drag-enter',
  DRAG_OVER: 'tauri://drag-over',
  DRAG_DROP: 'tauri://drag-drop',
  DRAG_LEAVE: 'tauri://drag-leave',
  WINDOW_FILE_DROP: 'tauri://file-drop',
  WINDOW_FILE_DROP_HOVER: 'tauri://file-drop-hover',
  WINDOW_FILE_DROP_CANCELLED: 'tauri://file-drop-cancelled',
  MENU: 'tauri://menu',
};
