/** Tauri's `WindowConfig`: what a page (or `app.windows` of the configuration) asks of a new window. */
import * as z from 'zod';
import { reject } from '#core/error.ts';
import type { CoreWindow, WindowOptions } from '#core/window.ts';
import { unsupported } from './host.ts';
import { Color, PathText, Theme } from './schemas.ts';

const flag = z.boolean().optional();
const number = z.number().optional();
const optionalNumber = z.number().nullish();
const optionalText = z.string().nullish();

/** Every member, in the order of Rust's struct: its error text lists them. Unknown members are refused. */
export const WindowConfig = z
  .strictObject({
    label: z.string().default('main'),
    create: flag,
    url: PathText.optional(),
    userAgent: optionalText,
    dragDropEnabled: flag,
    center: flag,
    x: optionalNumber,
    y: optionalNumber,
    width: number,
    height: number,
    minWidth: optionalNumber,
    minHeight: optionalNumber,
    maxWidth: optionalNumber,
    maxHeight: optionalNumber,
    preventOverflow: z.union([z.boolean(), z.object({ width: z.number(), height: z.number() })]).nullish(),
    resizable: flag,
    maximizable: flag,
    minimizable: flag,
    closable: flag,
    title: z.string().optional(),
    fullscreen: flag,
    focus: flag,
    focusable: flag,
    transparent: flag,
    maximized: flag,
    visible: flag,
    decorations: flag,
    alwaysOnBottom: flag,
    alwaysOnTop: flag,
    visibleOnAllWorkspaces: flag,
    contentProtected: flag,
    skipTaskbar: flag,
    windowClassname: optionalText,
    theme: Theme.nullish(),
    titleBarStyle: z.string().optional(),
    trafficLightPosition: z.object({ x: z.number(), y: z.number() }).nullish(),
    hiddenTitle: flag,
    acceptFirstMouse: flag,
    tabbingIdentifier: optionalText,
    additionalBrowserArgs: optionalText,
    shadow: flag,
    windowEffects: z.looseObject({ effects: z.array(z.string()) }).nullish(),
    incognito: flag,
    parent: optionalText,
    proxyUrl: optionalText,
    zoomHotkeysEnabled: flag,
    browserExtensionsEnabled: flag,
    useHttpsScheme: flag,
    devtools: z.boolean().nullish(),
    backgroundColor: Color.nullish(),
    backgroundThrottling: z.enum(['disabled', 'suspend', 'throttle']).nullish(),
    javascriptDisabled: flag,
    allowLinkPreview: flag,
    disableInputAccessoryView: flag,
    dataDirectory: optionalText,
    dataStoreIdentifier: z.array(z.int().min(0).max(255)).length(16).nullish(),
    scrollBarStyle: z.enum(['default', 'fluentOverlay']).optional(),
    noRedirectionBitmap: flag,
    activityName: optionalText,
    createdByActivityName: optionalText,
    requestedBySceneIdentifier: optionalText,
    generalAutofillEnabled: flag,
  })
  .meta({ title: 'WindowConfig' });
export type WindowConfig = z.output<typeof WindowConfig>;

/** What a panel can follow of a configuration. Throws for pages that a panel cannot show. */
export function windowOptions(config: WindowConfig): WindowOptions {
  return {
    label: config.label,
    ...(config.title !== undefined && { title: config.title }),
    ...(config.url !== undefined && { url: pageUrl(config.url) }),
    ...(config.focus !== undefined && { focus: config.focus }),
    ...(config.visible !== undefined && { visible: config.visible }),
    ...(config.theme && { theme: config.theme }),
    ...(config.backgroundColor && { backgroundColor: config.backgroundColor }),
    ...(config.parent && { parent: config.parent }),
  };
}

/** An absolute URL of http or https, or a path of the app; the app's own origins in Tauri count as paths. */
export function pageUrl(url: string): string {
  const own = /^(?:tauri:\/\/localhost|https?:\/\/tauri\.localhost)(?:\/|$)(.*)$/s.exec(url);
  if (own) return own[1] || 'index.html';
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === 'data') {
    throw reject('invalid window url: data URLs are not supported without the `webview-data-url` feature.');
  }
  if (scheme && scheme !== 'http' && scheme !== 'https') {
    throw unsupported(
      'webview.create_webview_window',
      `it shows pages of the app, http and https, not of "${scheme}:"`,
    );
  }
  return url;
}

/** Members that a getter reads later, by the name it remembers them. */
const REMEMBERED = [
  'resizable',
  'maximizable',
  'minimizable',
  'closable',
  'decorations',
  'alwaysOnTop',
] as const satisfies readonly (keyof WindowConfig)[];

/** Lets the getters of a new window agree with what was asked for. */
export function rememberConfig(window: CoreWindow, config: { readonly [member: string]: unknown }): void {
  for (const name of REMEMBERED) if (config[name] !== undefined) window.remembered.set(name, config[name]);
}

const FOLLOWED = new Set<string>(
  (['label', 'create', 'title', 'url', 'focus', 'visible', 'theme', 'backgroundColor', 'parent'] as string[]).concat(
    REMEMBERED,
  ),
);

/** The members given that have no effect on a panel. */
export function ignoredMembers(config: object): readonly string[] {
  return Object.entries(config).flatMap(([name, value]) => (FOLLOWED.has(name) || value == null ? [] : [name]));
}
