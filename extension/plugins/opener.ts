/** `plugin:opener|…` (tauri-acl 4.7 and 5.2): opens URLs and files outside of the panels. */
import { access, realpath } from 'node:fs/promises';
import * as z from 'zod';
import { OpenerScope } from '#core/acl/scope/opener.ts';
import { missingArgument } from '#core/argument.ts';
import { command, type CommandContext } from '#core/command.ts';
import { reject } from '#core/error.ts';
import type { Core } from '#core/core.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import { rustPath } from '#core/rust-path.ts';
import { pathPlace } from './directories.ts';
import { fileLinks } from './file-links.ts';
import { type PluginHost, unsupported } from './host.ts';
import { ioErrorText } from './io-error.ts';
import { openerLinkScript } from './link-scripts.ts';
import { environment, findProgram, startDetached } from './program.ts';
import { PathText } from './schemas.ts';
import { DialogTurns } from './turns.ts';

type Done = void | PromiseLike<void>;

/** What the opener asks of VS Code. */
export interface OpenerHost {
  /** Whether the user sits at this machine: the window of a program that is started elsewhere nobody sees. */
  readonly local: boolean;
  /** Opens a URL with what the user's system has for it; false where the user or VS Code said no. */
  openUrl(url: string): PromiseLike<boolean>;
  /** Shows a web page in VS Code itself. */
  browse(url: string): Done;
  /** Opens a file or folder with what the user's system has for it, or in VS Code where that is elsewhere. */
  openPath(path: string): Done;
  /** Shows a file or folder where it lies. */
  reveal(path: string): Done;
}

const Config = z.looseObject({ requireLiteralLeadingDot: z.boolean().nullish() }).nullish();

/** What `revealItemInDir` may be given at once: each opens a window. */
const MAX_REVEALED = 20;

/** What opens in the app itself: on a phone under Tauri, in VS Code here. */
const IN_APP_BROWSER = 'inAppBrowser';

export function openerPlugin(core: Core, host: PluginHost): Plugin {
  let requireLiteralLeadingDot: boolean | undefined;
  /** What opens lies over VS Code, or VS Code asks first: that must not go on without end. */
  const turns = new DialogTurns();
  const scopeOf = ({ scope, globalScope }: CommandContext) =>
    new OpenerScope(
      { command: scope, global: globalScope },
      { ...pathPlace(host), links: fileLinks, requireLiteralLeadingDot },
    );

  const opener = plugin<z.output<typeof Config>>({
    name: 'opener',
    config: Config,
    setup(_app, config) {
      requireLiteralLeadingDot = config?.requireLiteralLeadingDot ?? undefined;
    },
    commands: [
      command(
        'open_url',
        { args: { url: z.string(), with: z.string().optional() } },
        async ({ url, with: app }, context) => {
          scopeOf(context).checkUrl(url, app);
          await turns.take('opener.open_url', context.signal, async () => {
            if (app === undefined) await openTarget(host, url);
            else if (app !== IN_APP_BROWSER) await openWith(host, url, app, 'opener.open_url');
            else if (isWebPage(url)) await host.opener.browse(url);
            else throw unsupported('opener.open_url', 'its browser shows only http and https');
          });
        },
      ),
      command(
        'open_path',
        { args: { path: z.string(), with: z.string().optional() } },
        async ({ path, with: app }, context) => {
          await scopeOf(context).checkPath(path, app);
          const file = absolute(host, path);
          await found(() => access(file));
          await turns.take('opener.open_path', context.signal, async () => {
            if (app === undefined || app === IN_APP_BROWSER) await host.opener.openPath(file);
            else await openWith(host, file, app, 'opener.open_path');
          });
        },
      ),
      command(
        'reveal_item_in_dir',
        { args: { paths: z.array(PathText).optional(), path: PathText.optional() } },
        async (args, { signal }) => {
          // One `path` alone is what releases before 2.5 give.
          const paths = args.paths ?? (args.path === undefined ? undefined : [args.path]);
          if (!paths) throw missingArgument('reveal_item_in_dir', 'paths');
          if (paths.length > MAX_REVEALED) throw reject(`too many paths at once: ${MAX_REVEALED} may be shown`);
          const files: string[] = [];
          // All of them first: where one is missing, none is shown.
          for (const path of paths) files.push(await found(() => realpath(absolute(host, path))));
          await turns.take('opener.reveal_item_in_dir', signal, async () => {
            for (const file of files) await host.opener.reveal(file);
          });
        },
      ),
    ],
  });
  return {
    ...opener,
    // Only for apps whose capabilities know the plugin: others would not have registered it, and have no such links.
    get initScript() {
      const knows = core.authority.commands.some((command) => command.startsWith('plugin:opener|'));
      return knows ? openerLinkScript : '';
    },
  };
}

const isWebPage = (url: string) => /^https?:$/.test(URL.parse(url)?.protocol ?? '');

const absolute = (host: PluginHost, path: string) => rustPath(host.system.platform === 'win32').push(host.cwd, path);

async function found<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    throw reject(ioErrorText(error));
  }
}

/** Opens what may be a URL or a path: a scheme of one letter is a drive of Windows. */
export async function openTarget(host: PluginHost, target: string): Promise<void> {
  const protocol = URL.parse(target)?.protocol ?? '';
  if (protocol.length <= 2) {
    const file = absolute(host, target);
    await found(() => access(file));
    await host.opener.openPath(file);
  } else if (!(await host.opener.openUrl(target))) throw reject(`VS Code did not open ${target}`);
}

/** Opens with a program that the scope allows: its only argument is what to open. */
export async function openWith(host: PluginHost, target: string, app: string, what: string): Promise<void> {
  if (!host.opener.local) {
    throw unsupported(what, `${app} would open on the machine of the extension host, not on yours`);
  }
  if (target.startsWith('-') || target.includes('\0')) throw reject(`${JSON.stringify(target)} cannot be opened`);
  const env = environment(host.system, {});
  if (host.system.platform === 'darwin') await startDetached('/usr/bin/open', ['-a', app, target], env);
  else await startDetached(await findProgram(app, host), [target], env);
}
