/** A core with the host's plugins and pages that speak frames, for the tests of plugins. */
import { Core } from '#core/core.ts';
import type { Connection } from '#core/connection.ts';
import type { CoreWindow, WindowOptions } from '#core/window.ts';
import { FrameBuilder, openFrame, WIRE_VERSION } from '#core/wire.ts';
import type { PluginHost } from '../../../extension/plugins/host.ts';
import { hostPlugins, officialPlugins } from '../../../extension/plugins/index.ts';
import { type Asked, testPluginHost } from '../../plugin-host.ts';

export interface TestPage {
  readonly window: CoreWindow;
  readonly connection: Connection;
  /** messages of other kinds than answers: changes, events */
  readonly heard: Record<string, unknown>[];
  invoke(cmd: string, args?: unknown): Promise<unknown>;
  /** says what the page measures */
  measure(metrics: Partial<CoreWindow['metrics']>): void;
  reload(): void;
  /** says that it took in so many bytes; by itself it never does */
  take(bytes: number): void;
}

export const METRICS = {
  width: 400,
  height: 300.5,
  scaleFactor: 2,
  screenX: 10,
  screenY: -5,
  screenWidth: 1920,
  screenHeight: 1080,
};

export class TestApp {
  readonly asked: Asked[] = [];
  readonly core: Core;
  readonly pages = new Map<string, TestPage>();

  private constructor(host: Partial<PluginHost>) {
    const core = new Core({
      name: 'Test App',
      openWindow: async (options) => {
        this.open(options);
      },
    });
    this.core = core;
    this.host = testPluginHost(this.asked, host);
  }

  readonly host: PluginHost;

  static async start(host: Partial<PluginHost> = {}): Promise<TestApp> {
    const app = new TestApp(host);
    const { core } = app;
    for (const each of [...hostPlugins(core, app.host), ...officialPlugins(core, app.host)]) await core.addPlugin(each);
    return app;
  }

  /** Opens a window whose page is ready at once. */
  open(options: WindowOptions | string): TestPage {
    const label = typeof options === 'string' ? options : options.label;
    const { core, asked } = this;
    const window = core.createWindow(typeof options === 'string' ? { label } : options, {
      setTitle: (title) => asked.push(['setTitle', label, title]),
      setTheme: () => undefined,
      reveal: (focus) => asked.push(['reveal', label, focus]),
      dispose: () => asked.push(['dispose', label]),
    });
    const heard: Record<string, unknown>[] = [];
    const waiting = new Map<number, (value: unknown) => void>();
    const connection = core.connect(window, {
      post: async (frame) => {
        const { messages, raw } = openFrame(frame);
        for (const message of messages as Record<string, unknown>[]) {
          if (message['kind'] !== 'run') heard.push(message);
          else
            waiting.get(message['id'] as number)?.(
              typeof message['raw'] === 'number' ? raw[message['raw']] : message['value'],
            );
        }
        return true;
      },
    });
    const post = (message: object) => {
      const frame = new FrameBuilder();
      frame.add(JSON.stringify(message));
      connection.receive(frame.take());
    };
    const ready = () => post({ kind: 'ready', version: WIRE_VERSION, url: 'http://localhost/' });
    let next = 1;
    const page: TestPage = {
      window,
      connection,
      heard,
      invoke(cmd, args = {}) {
        const [callback, error] = [next++, next++];
        const { promise, resolve, reject } = Promise.withResolvers<unknown>();
        waiting.set(callback, resolve);
        waiting.set(error, reject);
        post({ kind: 'invoke', cmd, callback, error, payload: args });
        return promise;
      },
      measure: (metrics) => window.setMetrics({ ...METRICS, ...metrics }),
      reload: ready,
      take: (bytes) => post({ kind: 'received', bytes }),
    };
    this.pages.set(label, page);
    ready();
    return page;
  }
}

/** How a call ended, as one value that a table can hold. */
export async function outcome(call: Promise<unknown>): Promise<{ ok: unknown } | { error: unknown }> {
  try {
    return { ok: await call };
  } catch (error) {
    return { error };
  }
}
