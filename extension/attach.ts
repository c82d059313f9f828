/** Shows the messages of another extension's webview in the inspector. */
import type * as vscode from 'vscode';
import { disposable, Lifetime } from '#core/lifetime.ts';
import type { Body } from '#core/record.ts';
import type { Tap } from '#core/tap.ts';
import { bytesOf } from '#core/call.ts';
import type { AttachedWebview } from './api.ts';
import { isFailed, MessageThreads } from './message-threads.ts';

/** Records what the webview posts and what is posted to it; gives a webview whose `postMessage` is recorded in any case. */
export function attachWebview(
  tap: Tap,
  webview: vscode.Webview,
  { label, app = 'webviews' }: { readonly label: string; readonly app?: string },
): AttachedWebview {
  const life = new Lifetime();
  const threads = new MessageThreads();
  const record = (direction: 'to-host' | 'to-page', message: unknown) => {
    const asked = threads.answered(direction, message);
    // An answer has no name of its own in most protocols: it is known by what was asked.
    const name = messageName(message) ?? asked?.name ?? 'message';
    const id = tap.add({
      kind: 'message',
      direction,
      app,
      window: label,
      generation: 0,
      name,
      status: asked && isFailed(message) ? 'error' : 'ok',
      of: asked?.record,
      body: bodyOf(message),
      weight: weightOf(message),
    });
    if (!asked) threads.remember(direction, message, { record: id, name });
    return id;
  };
  life.own(webview.onDidReceiveMessage((message: unknown) => record('to-host', message)));

  const original = webview.postMessage;
  const post = async (message: unknown): Promise<boolean> => {
    if (life.over) return original.call(webview, message);
    const id = record('to-page', message);
    const delivered = await original.call(webview, message);
    if (!delivered) tap.update(id, { status: 'undelivered', note: 'the webview was not there' });
    return delivered;
  };
  // The extension's own code keeps using its webview; where VS Code lets the method be replaced, that is seen too.
  if (Reflect.set(webview, 'postMessage', post)) {
    life.own(disposable(() => Reflect.set(webview, 'postMessage', original)));
  }
  const wrapped = new Proxy(webview, {
    get: (target, key) => {
      if (key === 'postMessage') return post;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
  return { webview: wrapped, dispose: () => life.dispose() };
}

/** What a message is called: most protocols have one of these members. */
function messageName(message: unknown): string | undefined {
  if (typeof message === 'object' && message !== null) {
    for (const key of ['type', 'command', 'method', 'kind', 'event', 'name']) {
      const value = (message as Record<string, unknown>)[key];
      if (typeof value === 'string' && value !== '') return value;
    }
  }
  return typeof message === 'string' ? message.slice(0, 60) : undefined;
}

function bodyOf(message: unknown): Body {
  const bytes = bytesOf(message);
  return bytes ? { kind: 'bytes', bytes } : { kind: 'json', value: message };
}

/** Values looked at to weigh a message; what lies beyond counts as those before it. */
const WEIGHED = 10_000;

/** About how many bytes a message holds. Not serialised for that: it costs as little as a look. */
function weightOf(message: unknown): number {
  let weight = 0;
  const waiting: unknown[] = [message];
  let looked = 0;
  while (waiting.length > 0 && looked < WEIGHED) {
    const value = waiting.pop();
    looked++;
    weight += 16;
    if (typeof value === 'string') weight += value.length;
    else if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) weight += value.byteLength;
    else if (value instanceof Map) waiting.push(...[...value].slice(0, WEIGHED).flat());
    else if (Array.isArray(value)) {
      weight += Math.max(0, value.length - WEIGHED) * 24;
      waiting.push(...value.slice(0, WEIGHED));
    } else if (typeof value === 'object' && value !== null) {
      for (const key in value) weight += key.length;
      waiting.push(...Object.values(value).slice(0, WEIGHED));
    }
  }
  return weight + Math.round((waiting.length * weight) / looked);
}
