/** What handlers and plugins that run beside the core hold of their app. */
import type { AppHandle } from './app.ts';
import { jsonOf } from './call.ts';
import type { Core } from './core.ts';
import { assertEventName, eventTarget, type HostEvent } from './event.ts';

export function createAppHandle(core: Core): AppHandle {
  const listen = (event: string, kind: 'App' | 'Any', handler: (event: HostEvent) => void) =>
    core.events.listen(event, { kind }, handler);
  return {
    name: core.name,
    emit: (event, payload) => {
      assertEventName(event);
      core.emit(event, { kind: 'Any' }, jsonOf(payload));
    },
    emitTo: (target, event, payload) => {
      assertEventName(event);
      core.emit(event, eventTarget(target), jsonOf(payload));
    },
    emitFilter: async (event, filter, payload) => {
      assertEventName(event);
      core.emitFilter(event, filter, jsonOf(payload));
    },
    listen: (event, handler) => listen(event, 'App', handler),
    listenAny: (event, handler) => listen(event, 'Any', handler),
    once: (event, handler) => {
      const listener = listen(event, 'App', (heard) => {
        listener.dispose();
        handler(heard);
      });
      return listener;
    },
    addCapability: async (capability) => core.addCapability(capability),
    windows: () => [...core.windows.values()],
    window: (label) => core.windows.get(label),
    manage: (key, value) => core.stateMap.manage(key, value),
    state: (key) => core.stateMap.get(key),
    tryState: (key) => core.stateMap.find(key),
    unmanage: (key) => core.stateMap.unmanage(key),
  };
}
