/** The plugins of Tauri's core that need nothing of the host: events, resources and the channel store. */
import * as z from 'zod';
import { command, type CommandContext } from './command.ts';
import type { Connection } from './connection.ts';
import { recordOf } from './context.ts';
import type { Core, EventSource } from './core.ts';
import { reject } from './error.ts';
import { EVENT_NAME_ERROR, EventTarget, isValidName } from './event.ts';
import { type Plugin, plugin } from './plugin.ts';
import { invalidResource } from './resource.ts';

/** In the order in which Tauri registers them. */
export function corePlugins(core: Core): readonly Plugin[] {
  return [eventPlugin(core), resourcesPlugin(core), channelPlugin()];
}

const EventName = z.string().refine(isValidName, EVENT_NAME_ERROR);

/** `plugin:event|…` (tauri-core 4.4). */
function eventPlugin(core: Core): Plugin {
  return plugin({
    name: 'event',
    commands: [
      command(
        'listen',
        { args: { event: EventName, target: EventTarget, handler: z.uint32() } },
        ({ event, target, handler }, { window }) => {
          const page = caller(core, window.label);
          const id = core.events.listenPage(page, event, target, handler);
          page.sendListener(event, id, handler, target);
          return id;
        },
      ),
      command('unlisten', { args: { event: EventName, eventId: z.uint32() } }, ({ event, eventId }) => {
        core.events.unlistenPage(event, eventId)?.sendUnlisten(event, eventId);
      }),
      command(
        'emit',
        { args: { event: EventName, payload: z.unknown().optional() } },
        ({ event, payload }, context) => {
          core.emit(event, { kind: 'Any' }, JSON.stringify(payload ?? null), sourceOf(context));
        },
      ),
      command(
        'emit_to',
        { args: { target: EventTarget, event: EventName, payload: z.unknown().optional() } },
        ({ target, event, payload }, context) => {
          core.emit(event, target, JSON.stringify(payload ?? null), sourceOf(context));
        },
      ),
    ],
  });
}

/** `plugin:resources|close` looks at the webview's table, then at the app's (tauri-core 5.2). */
function resourcesPlugin(core: Core): Plugin {
  return plugin({
    name: 'resources',
    commands: [
      command('close', { args: { rid: z.uint32() } }, ({ rid }, { window }) => {
        const own = caller(core, window.label).resources;
        if (!own.close(rid) && !core.resources.close(rid)) throw reject(invalidResource(rid));
      }),
    ],
  });
}

/** Tauri keeps large channel messages for the page to fetch; here none are stored, so every id is unknown (tauri-core 3.4). */
function channelPlugin(): Plugin {
  return plugin({
    name: '__TAURI_CHANNEL__',
    commands: [
      command('fetch', {}, (_args, { request }) => {
        throw reject(request.headers.has('tauri-channel-id') ? 'data not found' : 'missing channel id header');
      }),
    ],
  });
}

function sourceOf(context: CommandContext): EventSource {
  return { from: context.window.label, cause: recordOf(context) };
}

function caller(core: Core, label: string): Connection {
  const connection = core.windows.get(label)?.connection;
  if (!connection) throw reject('webview not found');
  return connection;
}
