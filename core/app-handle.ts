/** What handlers and plugins that run beside the core hold of their app. */
import { jsonOf } from './call.ts';
import type { EmittingApp } from './callers-app.ts';
import type { Core } from './core.ts';
import { assertEventName, eventTarget, type HostEvent } from './event.ts';

export function createAppHandle(core: Core): EmittingApp {
  const listen = (event: string, kind: 'App' | 'Any', handler: (event: HostEvent) => void) =>
    core.events.listen(event, { kind }, handler);
  const emitFrom: EmittingApp['emitFrom'] = (cause, target, event, payload) => {
    assertEventName(event);
    core.emit(event, target, jsonOf(payload), { cause });
  };
  const emitFilterFrom: EmittingApp['emitFilterFrom'] = async (cause, event, filter, payload) => {
    assertEventName(event);
    core.emitFilter(event, filter, jsonOf(payload), cause);
  };
  return {
    name: core.name,
    emitFrom,
    emitFilterFrom,
    emit: (event, payload) => emitFrom(0, { kind: 'Any' }, event, payload),
    emitTo: (target, event, payload) => emitFrom(0, eventTarget(target), event, payload),
    emitFilter: (event, filter, payload) => emitFilterFrom(0, event, filter, payload),
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
