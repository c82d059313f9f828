/**
 * What other extensions get: `vscode.extensions.getExtension('ipc-workbench.ipc-workbench').activate()` resolves to
 * an {@link IpcWorkbenchApi}. The shape is stable: members are added, never changed.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { AppHandle } from '#core/app.ts';
import type { Capability } from '#core/acl/capability.ts';
import { channel } from '#core/channel.ts';
import { type Command, command } from '#core/command.ts';
import type { Connection } from '#core/connection.ts';
import { Core } from '#core/core.ts';
import { IpcError, reject } from '#core/error.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import type { MessageRecord } from '#core/record.ts';
import type { Tap } from '#core/tap.ts';
import { readFilter } from '#core/filter/parse.ts';
import { compileFilter } from '#core/filter/record-test.ts';
import { type CommandStatistics, type SourceStatistics, statisticsOf } from '#core/statistics.ts';
import { type Acl, HostedAcl } from '#server/project/index.ts';
import { attachWebview } from './attach.ts';
import { record } from './recordings/record.ts';
import { WebviewTransport } from './webview-transport.ts';
import { bridgeFile, bridgeScript } from './bridge-script.ts';
import { Door } from './door.ts';
import { createKey } from './key.ts';
import { errorText, type Log } from './log.ts';
import { DeepLinks } from './plugin-host/deep-link.ts';
import { AppOutputs, logTo } from './plugin-host/log.ts';
import { createPluginHost } from './plugin-host/plugin-host.ts';
import { thisSystem } from './plugins/directories.ts';
import { createFsAccess } from './plugins/fs-access.ts';
import { unsupported } from './plugins/host.ts';
import { hostPlugins, officialPlugins } from './plugins/index.ts';
import { aclSwitches, callStacks, slowMs, strictFsScope } from './settings.ts';
import { currentTheme } from './windows.ts';

/** What an extension hosts: commands and plugins, answered in its own extension host. */
export interface HostAppOptions {
  readonly name: string;
  readonly commands?: readonly Command[];
  readonly plugins?: readonly Plugin[];
  /**
   * decides every call, as Tauri's capability files do; without it the page may call every command, and a command that
   * asks for a permission gets none
   */
  readonly capabilities?: readonly Capability[];
}

/** An app of another extension: its own webviews are its windows. */
export interface HostedApp extends vscode.Disposable {
  readonly app: AppHandle;
  /**
   * Makes a window of a panel. Put {@link bridgeScript} into its HTML first of all scripts; `@tauri-apps/api` then works
   * in it. The window ends with the panel.
   */
  addWindow(panel: vscode.WebviewPanel, options: { readonly label: string; readonly title?: string }): void;
  /**
   * The script element that every page of the app needs, with the nonce of the page's CSP. It holds the window's key:
   * ask for it each time that you set the panel's HTML, and put it nowhere else.
   */
  bridgeScript(label: string, nonce: string): string;
}

/** What is recorded of all traffic. */
export interface InspectorApi {
  /**
   * The records that fit a filter, in the language of the inspector's field, oldest first. Throws where it is none, with
   * `start` and `end` of what is wrong.
   */
  query(filter?: string): readonly MessageRecord[];
  /** Tells of every record once it is new, and again when its outcome is known. */
  onRecord(listener: (record: MessageRecord) => void): vscode.Disposable;
  clear(): void;
  /**
   * The numbers of each command, of the calls that are kept and fit the filter. Without a filter only what came since the
   * last time is looked at, so that it may be asked often.
   */
  statistics(filter?: string): readonly CommandStatistics[];
  /**
   * Records what comes from now on, until `stop`. With a `file` each message is written to it at once, as a recording
   * (`*.ipcrec`) that has no values of keys that look like secrets unless `secrets` is true.
   */
  record(options?: RecordOptions): Promise<RecordingHandle>;
}

export interface RecordOptions {
  readonly file?: vscode.Uri;
  readonly secrets?: boolean;
}

export interface RecordingHandle extends vscode.Disposable {
  /** Ends it. `records` are what came and is still kept, oldest first; `lost` counts what is not. */
  stop(): Promise<{ readonly records: readonly MessageRecord[]; readonly lost: number; readonly file?: vscode.Uri }>;
}

export interface IpcWorkbenchApi {
  /** of the extension, as in its package.json */
  readonly version: string;
  /** how long activation took, in ms of processor time */
  activationMs: number;
  /**
   * Shows the messages of another extension's webview in the inspector. Use the webview it gives back to post: what is
   * posted through the original is seen only where VS Code lets it be wrapped.
   */
  attachWebview(webview: vscode.Webview, options: { readonly label: string; readonly app?: string }): AttachedWebview;
  hostApp(options: HostAppOptions): Promise<HostedApp>;
  readonly inspector: InspectorApi;
  /** what commands and plugins are written with; the same as the library's */
  readonly command: typeof command;
  readonly plugin: typeof plugin;
  readonly channel: typeof channel;
  readonly IpcError: typeof IpcError;
  readonly reject: typeof reject;
}

export interface AttachedWebview extends vscode.Disposable {
  readonly webview: vscode.Webview;
}

export interface ApiOptions {
  readonly tap: Tap;
  /** of all that the tap keeps */
  readonly statistics: SourceStatistics;
  readonly log: Log;
  readonly context: vscode.ExtensionContext;
}

/** The api and its end: hosted apps and attachments go with the extension. */
export interface Api extends Disposable {
  readonly exports: IpcWorkbenchApi;
  findConnection(app: string, window: string): Connection | undefined;
  /** the hosted apps, and the ACL of those that have one */
  readonly hosted: ReadonlyMap<string, { readonly core: Core; readonly acl: Acl | undefined }>;
}

export function createApi({ tap, statistics, log, context }: ApiOptions): Api {
  const life = new Lifetime();
  const outputs = life.own(new AppOutputs());
  const hosted = new Map<string, { readonly core: Core; readonly acl: Acl | undefined }>();
  const filterOf = (text: string) => compileFilter(readFilter(text), { source: tap, slowMs: slowMs() });
  const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
  const bridge = () =>
    readFileSync(vscode.Uri.joinPath(dist, bridgeFile({ isolation: false, stacks: callStacks() })).fsPath, 'utf8');

  const exports: IpcWorkbenchApi = {
    version: String((context.extension.packageJSON as { version: unknown }).version),
    activationMs: 0,
    attachWebview: (webview, options) => life.lend(attachWebview(tap, webview, options)),
    hostApp: async (options) => {
      // Taken before the first wait, so that two who ask at once do not both get it.
      if (hosted.has(options.name)) throw new Error(`an app named "${options.name}" is hosted already`);
      const declared = {
        commands: options.commands ?? [],
        plugins: (options.plugins ?? []).map(({ name, commands = [] }) => ({ name, commands })),
      };
      const acl = options.capabilities && new HostedAcl(options.capabilities, declared, aclSwitches());
      const core = new Core({ name: options.name, tap, ...(acl && { authority: acl.authority }) });
      hosted.set(options.name, { core, acl });
      core.onError(({ where, error }) => log.error(`${options.name}: ${where}: ${errorText(error)}`));
      const panels = new Map<string, vscode.WebviewPanel>();
      const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
      const host = createPluginHost({
        core,
        version: exports.version,
        identifier: '',
        folder,
        resourceFolder: undefined,
        fsAccess: createFsAccess({ identifier: '', resourceDirectory: undefined, system: thisSystem() }, folder, {
          strict: strictFsScope,
        }),
        log: logTo(() => outputs.of(options.name)),
        deepLinks: new DeepLinks(),
        externalBin: [],
        configFolder: folder,
        dist: dist.fsPath,
        readIcon: () => Promise.resolve(undefined),
        panel: (label) => panels.get(label),
        exit: () => app.dispose(),
        restart: async () => {
          throw unsupported('process.restart', 'the extension that hosts the app starts it');
        },
        memento: context.workspaceState,
        id: `hosted:${options.name}`,
      });
      try {
        for (const each of hostPlugins(core, host)) await core.addPlugin(each);
        // Files, processes and the network are for those who say with capabilities what of them a page may have.
        if (acl) for (const each of officialPlugins(core, host)) await core.addPlugin(each);
        for (const each of options.commands ?? []) core.addCommand(each);
        for (const each of options.plugins ?? []) await core.addPlugin(each);
      } catch (error) {
        hosted.delete(options.name);
        core.dispose();
        host.dispose();
        throw error;
      }
      const app = hostedApp(core, panels, bridge, life, () => {
        hosted.delete(options.name);
        host.dispose();
      });
      return app;
    },
    inspector: {
      query: (filter = '') => [...tap.records()].filter(filterOf(filter)),
      onRecord: (listener) => new vscode.Disposable(onRecord(tap, listener, log).dispose),
      clear: () => tap.clear(),
      record: async (options) => {
        const handle = life.lend(await record(tap, `ipc-workbench ${exports.version}`, options));
        return {
          stop: () => handle.stop().finally(() => handle.dispose()),
          dispose: () => handle.dispose(),
        };
      },
      statistics: (filter = '') => (filter.trim() === '' ? statistics.commands() : statisticsOf(tap, filterOf(filter))),
    },
    command,
    plugin,
    channel,
    IpcError,
    reject,
  };
  return {
    exports,
    hosted,
    findConnection: (app, window) => hosted.get(app)?.core.windows.get(window)?.connection,
    dispose: () => life.dispose(),
  };
}

function onRecord(tap: Tap, listener: (record: MessageRecord) => void, log: Log): Disposable {
  // Another extension's error must keep neither the other listeners nor the inspector from hearing the rest.
  const tell = (record: MessageRecord) => {
    try {
      listener(record);
    } catch (error) {
      log.error(`A listener of inspector.onRecord failed: ${errorText(error)}`);
    }
  };
  return tap.onChange(({ from, to, changed }) => {
    for (const id of changed) {
      const record = tap.find(id);
      if (record) tell(record);
    }
    for (const record of tap.records(from, to)) tell(record);
  });
}

function hostedApp(
  core: Core,
  panels: Map<string, vscode.WebviewPanel>,
  bridge: () => string,
  life: Lifetime,
  onEnd: () => void,
): HostedApp {
  const own = life.own(new Lifetime());
  own.onEnd(() => {
    onEnd();
    core.dispose();
  });
  own.own(
    vscode.window.onDidChangeActiveColorTheme(() => {
      for (const window of core.windows.values()) window.setHostTheme(currentTheme());
    }),
  );
  /** by label; whichever of page and window comes first makes it */
  const keys = new Map<string, string>();
  const keyOf = (label: string) => {
    const key = keys.get(label) ?? createKey();
    keys.set(label, key);
    return key;
  };
  return {
    app: core.handle,
    bridgeScript: (label, nonce) => bridgeScript(bridge(), { label, key: keyOf(label) }, nonce, core.initScripts),
    addWindow(panel, { label, title }) {
      const windowLife = own.own(new Lifetime());
      const window = core.createWindow(
        { label, title: title ?? panel.title },
        {
          setTitle: (next) => {
            panel.title = next;
          },
          setTheme: () => undefined,
          reveal: (focus) => panel.reveal(undefined, !focus),
          dispose: () => panel.dispose(),
        },
      );
      window.setHostTheme(currentTheme());
      panels.set(label, panel);
      const generation = () => window.connection?.generation ?? 0;
      const door = new Door({ tap: core.tap, app: core.name, window: label, generation });
      const transport = windowLife.own(new WebviewTransport({ webview: panel.webview, key: keyOf(label), door }));
      transport.serve(core.connect(window, transport));
      const follow = () => {
        window.setVisible(panel.visible);
        window.setFocused(panel.active && vscode.window.state.focused);
      };
      follow();
      windowLife.own(panel.onDidChangeViewState(follow));
      windowLife.own(vscode.window.onDidChangeWindowState(follow));
      windowLife.own(
        panel.onDidDispose(() => {
          own.end(windowLife);
          panels.delete(label);
          keys.delete(label);
          window.gone();
        }),
      );
    },
    dispose: () => life.end(own),
  };
}
