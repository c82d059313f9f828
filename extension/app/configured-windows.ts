/** The windows that a project's configuration says, as what a panel can be of them. */
import type { WindowOptions } from '#core/window.ts';
import { pageUrl } from '../plugins/window-config.ts';
import type { Project, WindowConfig } from '#server/project/index.ts';

export type ConfiguredWindow = Partial<WindowConfig> & { readonly label: string };

/** Those that open with the app. */
export function windowsAtStart({ config, name }: Project): readonly ConfiguredWindow[] {
  const configured = config.app.windows.filter((window) => window.create);
  // 27 of 96 real projects create their windows from code: a first one is needed to see anything.
  return configured.length > 0 ? configured : [{ label: 'main', url: 'index.html', title: name, focus: true }];
}

/** The window of that label, whether it opens with the app or not. */
export function findWindow({ config }: Project, label: string): ConfiguredWindow | undefined {
  return config.app.windows.find((window) => window.label === label);
}

export function windowOptions(config: ConfiguredWindow): WindowOptions {
  const { label, title, url, focus, visible, theme, parent } = config;
  return {
    label,
    ...(title !== undefined && { title }),
    ...(url !== undefined && { url: pageUrl(url) }),
    // A panel cannot hide: one that should opens behind what the user has in front.
    ...((focus === false || visible === false) && { focus: false }),
    ...(visible !== undefined && { visible }),
    ...(theme !== undefined && { theme }),
    ...(parent !== undefined && { parent }),
    ...(typeof config['backgroundColor'] === 'string' && { backgroundColor: config['backgroundColor'] }),
  };
}
