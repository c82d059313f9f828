/**
 * A localStorage for pages whose frame is denied one by the browser (third-party storage blocked): the host keeps it.
 * It behaves as the real one does, except that no `storage` events reach other windows.
 */

import { define } from './internals.ts';

/** Puts a stand-in where `window.localStorage` throws, and one without memory where `sessionStorage` does. */
export function provideStorage(url: string, save: (key: string | null, value: string | null) => void): void {
  if (denied('localStorage')) {
    // Synchronous on purpose: so is the API that it stands in for. Read at the first use only.
    let storage: Storage | undefined;
    Object.defineProperty(window, 'localStorage', {
      get: () => (storage ??= createStorage(load(url), save)),
    });
  }
  if (denied('sessionStorage')) {
    define(window, { sessionStorage: createStorage({}, () => {}) });
  }
}

function denied(name: 'localStorage' | 'sessionStorage'): boolean {
  try {
    return !window[name];
  } catch {
    return true; // SecurityError: that is the answer
  }
}

function load(url: string): Record<string, string> {
  const request = new XMLHttpRequest();
  request.open('GET', url, false);
  request.send();
  return request.status === 200 ? JSON.parse(request.responseText) : {};
}

function createStorage(
  start: Record<string, string>,
  save: (key: string | null, value: string | null) => void,
): Storage {
  const items = new Map(Object.entries(start));
  const methods = {
    getItem: (key: string) => items.get(`${key}`) ?? null,
    setItem(key: string, value: string) {
      items.set((key = `${key}`), (value = `${value}`));
      save(key, value);
    },
    removeItem(key: string) {
      if (items.delete(`${key}`)) save(`${key}`, null);
    },
    clear() {
      items.clear();
      save(null, null);
    },
    key: (index: number) => [...items.keys()][index] ?? null,
  };
  // Symbols are no items: the map has only strings.
  return new Proxy(methods as unknown as Storage, {
    get: (target, key) => (key === 'length' ? items.size : (target[key as keyof Storage] ?? items.get(key as string))),
    set: (_target, key, value) => (methods.setItem(key as string, value), true),
    deleteProperty: (_target, key) => (methods.removeItem(key as string), true),
    has: (target, key) => key in target || items.has(key as string),
    ownKeys: () => [...items.keys()],
    getOwnPropertyDescriptor: (_target, key) =>
      items.has(key as string)
        ? { value: items.get(key as string), writable: true, enumerable: true, configurable: true }
        : undefined,
  });
}
