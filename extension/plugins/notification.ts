/**
 * `plugin:notification|…` (tauri-acl 5.2): notifications of VS Code, with the buttons of action types. What only phones
 * have (pending notifications, channels) is not found, as on Tauri's desktops.
 */
import * as z from 'zod';
import { type Channel, channel } from '#core/channel.ts';
import { type Command, command } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { reject } from '#core/error.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import { callersResources, type PluginHost } from './host.ts';
import { plainLine } from './plain-text.ts';
import { NotificationRate } from './turns.ts';

/** What notifications need of VS Code. */
export interface NotificationHost {
  /** Shows a text of one line; the place of the button that was pressed, undefined where it was closed. */
  show(text: string, buttons: readonly string[]): PromiseLike<number | undefined>;
}

const MAX_TITLE = 200;
const MAX_BODY = 700;
const MAX_LABEL = 50;
/** buttons of a notification, action types of an app, and listeners of a page */
const MAX_ACTIONS = 10;
const MAX_TYPES = 1000;
const MAX_LISTENERS = 1000;

/** What is shown of a notification; the rest (schedule, group, sound, …) has no effect on a desktop either. */
const Notification = z
  .looseObject({
    id: z.int32().optional(),
    title: z.string().nullish(),
    body: z.string().nullish(),
    actionTypeId: z.string().nullish(),
  })
  .meta({ title: 'NotificationData' });
type Notification = z.output<typeof Notification>;

const ActionType = z
  .object({ id: z.string(), actions: z.array(z.object({ id: z.string(), title: z.string() })) })
  .meta({ title: 'ActionType' });
type Action = z.output<typeof ActionType>['actions'][number];

/** The event of `onAction`, the only one that comes on a desktop. */
const ACTION_PERFORMED = 'actionPerformed';
/** What stands for the notification itself; VS Code reports no click on one, so it is a button. */
const TAP: Action = { id: 'tap', title: 'Show' };

interface Listener {
  readonly event: string;
  readonly channel: Channel;
}

export function notificationPlugin(core: Core, host: PluginHost): Plugin {
  const rate = new NotificationRate();
  const types = new Map<string, readonly Action[]>();
  /** by the label of the window; they go with its page */
  const listeners = new Map<string, Set<Listener>>();

  const heard = () =>
    [...listeners.values()].flatMap((all) => [...all]).filter(({ event }) => event === ACTION_PERFORMED);

  /** Resolves when the user has closed it. */
  const show = async (notification: Notification, caller: string): Promise<void> => {
    const given = types.get(notification.actionTypeId ?? '') ?? [];
    const actions = heard().length > 0 ? [...given, TAP] : given;
    const pressed = await host.notification.show(
      textOf(host.name, notification),
      actions.map(({ title }) => plainLine(title, MAX_LABEL)),
    );
    const action = pressed === undefined ? undefined : actions[pressed];
    if (!action) return;
    if (action === TAP) core.windows.get(caller)?.setFocus();
    for (const { channel: listening } of heard()) {
      // Its page may go at any moment; then nobody listens any more.
      listening.send({ actionId: action.id, inputValue: null, notification }).catch(() => undefined);
    }
  };

  const commands: readonly Command[] = [
    command('is_permission_granted', {}, () => true),
    command('request_permission', {}, () => 'granted'),
    command('notify', { args: { options: Notification } }, ({ options }, { window }) => {
      const closed = rate.open();
      // As under Tauri, the page does not wait until somebody has seen it.
      show(options, window.label)
        .finally(closed)
        .catch((error: unknown) => core.note('notification', String(error)));
    }),
    command('register_action_types', { args: { types: z.array(ActionType) } }, (args) => {
      for (const { id, actions } of args.types) {
        if (types.size < MAX_TYPES || types.has(id)) types.set(id, actions.slice(0, MAX_ACTIONS));
      }
    }),
    command(
      'register_listener',
      { args: { event: z.string(), handler: channel() } },
      ({ event, handler }, { window }) => {
        const all = listeners.get(window.label) ?? new Set();
        if (all.size >= MAX_LISTENERS) throw reject(`window "${window.label}" has ${MAX_LISTENERS} listeners already`);
        const listener: Listener = { event, channel: handler };
        if (all.size === 0) callersResources(core, window.label).add({ close: () => listeners.delete(window.label) });
        listeners.set(window.label, all.add(listener));
      },
    ),
    command('remove_listener', { args: { event: z.string(), channelId: z.uint32() } }, (args, { window }) => {
      const all = listeners.get(window.label);
      for (const each of all ?? []) {
        if (each.event !== args.event || each.channel.id !== args.channelId) continue;
        all?.delete(each);
        each.channel.close();
      }
    }),
    // VS Code cannot take a message back, as under Tauri macOS and Windows cannot.
    command(
      'remove_active',
      { args: { notifications: z.array(z.looseObject({ id: z.int32() })).optional() } },
      () => null,
    ),
  ];

  return {
    ...plugin({ name: 'notification', commands }),
    get initScript() {
      return script(core.authority.commands.includes('plugin:notification|is_permission_granted'));
    },
  };
}

/** One line that always begins with the app's name: notifications lie beside those of VS Code itself. */
function textOf(app: string, { title, body }: Notification): string {
  const [name, head, text] = [
    plainLine(app, MAX_TITLE),
    plainLine(title ?? '', MAX_TITLE),
    plainLine(body ?? '', MAX_BODY),
  ];
  const named = head === '' || head === name ? name : `${name}: ${head}`;
  return text === '' ? named : `${named}${named === name ? ':' : ' –'} ${text}`;
}

/**
 * What Tauri puts into the pages of apps with this plugin: a `window.Notification` that calls it. Whether it may is asked
 * at once where a capability says so; else when the page wants to know, for pages that have nothing to do with
 * notifications. Libraries that watch a page, such as Sentry's, look at every class of it: that alone asks nothing.
 */
function script(atOnce: boolean): string {
  return `
const call = (command, args) => window.__TAURI_INTERNALS__.invoke('plugin:notification|' + command, args);
let permission = 'default';
function Notification(title, options) {
  void call('notify', { options: { ...options, title } });
}
Notification.requestPermission = async () => {
  const answer = await call('request_permission');
  permission = answer === 'prompt' ? 'default' : answer;
  return answer;
};
Object.defineProperty(Notification, 'permission', {
  enumerable: true,
  get() {
    asked ??= look();
    return permission;
  },
  set() {
    throw new Error('Readonly property');
  },
});
const look = () =>
  call('is_permission_granted').then(
    (granted) => {
      permission = granted === null ? 'default' : granted ? 'granted' : 'denied';
    },
    () => undefined,
  );
let asked = ${atOnce} ? look() : undefined;
Object.defineProperty(window, 'Notification', { value: Notification, writable: true, configurable: true });`;
}
