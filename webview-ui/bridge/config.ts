/** What the host writes into the bridge's script element of every document (extension/app/page-html.ts), as JSON in `data-config`. */
export interface BridgeConfig {
  /**
   * What proves to the host whose page this is. In a frame: the key of this page load, for the wrapper page. In an
   * extension's own webview: the window's key, with which every frame begins.
   */
  readonly key: string;
  /** in a frame: what the wrapper page proves itself with, else any page that embeds this one could pose as the host */
  readonly wrapperKey?: string;
  /** path separator and delimiter of the host's system */
  readonly separator: string;
  readonly delimiter: string;
  /** whether the host is Windows: custom protocols have another form there */
  readonly windows: boolean;
  /** what @tauri-apps/plugin-os reads synchronously */
  readonly os: Readonly<Record<string, string>>;
  /** where files of the asset protocol are served: the encoded path is appended */
  readonly assetUrl?: string;
  /** where the localStorage that the host keeps is read from */
  readonly storageUrl?: string;
  /** the window's label, where the page is an extension's own webview; in a frame it is the frame's name */
  readonly label?: string;
  readonly freezePrototype?: boolean;
  /** where the frame of the app's isolation page comes from, and the name of this page load: in dist/bridge-isolation.js */
  readonly isolation?: { readonly origin: string; readonly load: string };
}

declare global {
  /** Set when the bridge is built: one with it and one without, so that apps without an isolation page pay nothing for it. */
  const ISOLATION: boolean;
  /** Set likewise: whether calls tell where they come from. */
  const STACKS: boolean;
}
