/** `window.__TAURI__`, for apps with `app.withGlobalTauri`: the namespaces of the npm package, each frozen (tauri-core 1.7). */
import * as app from '@tauri-apps/api/app';
import * as core from '@tauri-apps/api/core';
import * as dpi from '@tauri-apps/api/dpi';
import * as event from '@tauri-apps/api/event';
import * as image from '@tauri-apps/api/image';
import * as menu from '@tauri-apps/api/menu';
import * as mocks from '@tauri-apps/api/mocks';
import * as path from '@tauri-apps/api/path';
import * as tray from '@tauri-apps/api/tray';
import * as webview from '@tauri-apps/api/webview';
import * as webviewWindow from '@tauri-apps/api/webviewWindow';
import * as window_ from '@tauri-apps/api/window';

const api = { app, core, dpi, event, image, menu, mocks, path, tray, webview, webviewWindow, window: window_ };
for (const namespace of Object.values(api)) Object.freeze(namespace);
Object.assign(window, { __TAURI__: api });
