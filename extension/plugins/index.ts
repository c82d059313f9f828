/** The plugins of Tauri's core that need a host, in the order in which Tauri registers them. */
import type { Core } from '#core/core.ts';
import type { Plugin } from '#core/plugin.ts';
import { appPlugin } from './app.ts';
import { cliPlugin } from './cli.ts';
import { clipboardPlugin } from './clipboard-manager.ts';
import { deepLinkPlugin } from './deep-link.ts';
import { dialogPlugin } from './dialog.ts';
import { fsPlugin } from './fs/index.ts';
import type { PluginHost } from './host.ts';
import { httpPlugin } from './http/plugin.ts';
import { imagePlugin } from './image.ts';
import { logPlugin } from './log.ts';
import { menuPlugin } from './menu/menu.ts';
import { Menus } from './menu/menus.ts';
import { notificationPlugin } from './notification.ts';
import { openerPlugin } from './opener.ts';
import { osPlugin } from './os.ts';
import { pathPlugin } from './path.ts';
import { processPlugin } from './process.ts';
import { shellPlugin } from './shell/shell.ts';
import { sqlPlugin } from './sql/sql.ts';
import { storePlugin } from './store.ts';
import { trayPlugin } from './tray.ts';
import { unavailablePlugins } from './unavailable.ts';
import { uploadPlugin } from './upload.ts';
import { websocketPlugin } from './websocket.ts';
import { webviewPlugin } from './webview.ts';
import { windowStatePlugin } from './window-state.ts';
import { windowPlugin } from './window.ts';

export function hostPlugins(core: Core, host: PluginHost): readonly Plugin[] {
  const menus = new Menus(core, host);
  return [
    pathPlugin(host),
    windowPlugin(core, host),
    webviewPlugin(core, host),
    appPlugin(core, host),
    imagePlugin(core, host),
    menuPlugin(core, host, menus),
    trayPlugin(core, host, menus),
  ];
}

/** The official plugins (`@tauri-apps/plugin-*`), in the order of the alphabet; capabilities say what a page may have of them. */
export function officialPlugins(core: Core, host: PluginHost): readonly Plugin[] {
  return [
    cliPlugin(host),
    clipboardPlugin(host),
    deepLinkPlugin(core, host),
    dialogPlugin(core, host),
    fsPlugin(core, host),
    httpPlugin(core, host),
    logPlugin(core, host),
    notificationPlugin(core, host),
    openerPlugin(core, host),
    osPlugin(host),
    processPlugin(core, host),
    shellPlugin(core, host),
    sqlPlugin(core, host),
    storePlugin(core, host),
    uploadPlugin(core, host),
    websocketPlugin(core),
    windowStatePlugin(core, host),
    ...unavailablePlugins(core, host),
  ];
}
