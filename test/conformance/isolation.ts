/**
 * Isolation frames of test pages: the document that the product serves for a folder, over HTTP, in a realm of its own.
 */
import { webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vm from 'node:vm';
import { MessageChannel, type MessagePort, moveMessagePortToContext } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import { IsolationServer } from '../../extension/app/isolation-server.ts';
import { shipped } from './bundles.ts';
import type { FakeFrame, FrameHost, IsolationFrame } from './harness.ts';

export interface TestIsolation extends IsolationFrame {
  readonly server: IsolationServer;
  /** the realms of the frames that were loaded */
  readonly realms: vm.Context[];
  /** the frames that were asked for are loaded; before, they are not */
  load(): Promise<void>;
}

/** An isolation page whose only script is `script`. */
export async function createIsolation(script: string): Promise<TestIsolation> {
  const folder = mkdtempSync(join(tmpdir(), 'isolation-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><script src="hook.js"></script>');
  writeFileSync(join(folder, 'hook.js'), script);
  const errors: unknown[] = [];
  const server = new IsolationServer({
    folder,
    runtime: await shipped('isolation-frame'),
    report: (error) => errors.push(error),
  });
  await server.start();
  const realms: vm.Context[] = [];
  const asked: [FakeFrame, FrameHost][] = [];
  onTestFinished(() => {
    server.dispose();
    rmSync(folder, { recursive: true });
  });
  return {
    server,
    realms,
    createLoad: () => server.createLoad('http://127.0.0.1:1420'),
    open: (frame, host) => asked.push([frame, host]),
    async load() {
      for (const [frame, host] of asked.splice(0)) realms.push(await runFrame(frame, host));
    },
  };
}

async function runFrame(frame: FakeFrame, host: FrameHost): Promise<vm.Context> {
  const html = await (await fetch(frame.src)).text();
  const realm = vm.createContext(vm.constants.DONT_CONTEXTIFY) as vm.Context;
  const listeners: (() => void)[] = [];
  const timers = new Set<NodeJS.Timeout>();
  onTestFinished(() => timers.forEach(clearInterval));
  const moved = (port: MessagePort) => {
    const own = moveMessagePortToContext(port, realm) as unknown as MessagePort;
    own.start();
    return own;
  };
  Object.assign(realm, {
    window: realm,
    parent: {
      postMessage: (data: unknown, origin: string, [port]: MessagePort[]) => {
        if (origin !== 'http://127.0.0.1:1420') throw new Error(`posted to ${origin}`);
        host.post(frame.contentWindow, data, port as MessagePort);
      },
    },
    document: {},
    crypto: webcrypto,
    Headers,
    TextEncoder,
    MessageChannel: class {
      port1: MessagePort;
      port2: MessagePort;
      constructor() {
        const { port1, port2 } = new MessageChannel();
        this.port1 = moved(port1);
        this.port2 = port2;
      }
    },
    setTimeout,
    clearTimeout,
    setInterval: (task: () => void, ms: number) => {
      const timer = setInterval(task, ms);
      timers.add(timer);
      return timer;
    },
    clearInterval,
    addEventListener: (_type: string, listener: () => void) => listeners.push(listener),
    removeEventListener: () => undefined,
  });
  for (const [, data, text] of html.matchAll(/<script(?: data-config="([^"]*)")?>(.*?)<\/script>/gs)) {
    const dataset = { config: data?.replaceAll('&quot;', '"') };
    realm['document'].currentScript = { dataset, remove: () => undefined };
    vm.runInContext(text as string, realm);
  }
  for (const listener of listeners) listener();
  return realm;
}
