/**
 * Every message between the host and the backend process. They travel in batches: one array per turn of the event loop,
 * in order, as structured clones (bytes as bytes).
 *
 * The process imports only types from here: zod is not there before its module hooks are.
 */
import * as z from 'zod';
import type { Origin } from '#core/acl/reach.ts';
import type { GrantData } from '#core/acl/grants.ts';
import type { Scopes } from '#core/acl/scope/scope.ts';
import type { RequestBody } from '#core/call.ts';
import { EventTarget } from '#core/event.ts';
import type { PageLoad, RunEvent } from '#core/plugin.ts';

export interface WindowInfo {
  readonly label: string;
  readonly title: string;
}

/** The first message: load, and what the app looks like. */
export interface Init {
  readonly kind: 'init';
  readonly name: string;
  readonly windows: readonly WindowInfo[];
  readonly grants: GrantData;
  readonly pluginConfig: Readonly<Record<string, unknown>>;
}

/** Something that the plugins are told. */
export type Hook =
  | { readonly name: 'onWindowReady' | 'onWebviewReady'; readonly window: string }
  | { readonly name: 'onPageLoad'; readonly window: string; readonly load: PageLoad }
  | { readonly name: 'onEvent'; readonly event: RunEvent };

export type ToProcess =
  | Init
  | {
      readonly kind: 'call';
      readonly id: number;
      /** the number of its record: events that its handler emits name it */
      readonly record: number;
      readonly cmd: string;
      readonly window: string;
      readonly origin: Origin;
      readonly generation: number;
      readonly body: RequestBody;
      readonly headers: readonly (readonly [string, string])[];
      /** absent: capabilities attach none */
      readonly scopes?: Scopes;
    }
  | { readonly kind: 'abort'; readonly id: number; readonly reason: string }
  /** the page of that load is gone: its channels are closed */
  | { readonly kind: 'pageGone'; readonly window: string; readonly generation: number }
  /** `bytes` of a channel were taken in */
  | { readonly kind: 'room'; readonly call: number; readonly channel: number; readonly bytes: number }
  /** a message of a channel could not be delivered, and none will be */
  | { readonly kind: 'channelLost'; readonly call: number; readonly channel: number; readonly text: string }
  | { readonly kind: 'windows'; readonly windows: readonly WindowInfo[] }
  | { readonly kind: 'grants'; readonly grants: GrantData }
  | {
      readonly kind: 'event';
      readonly listener: number;
      readonly id: number;
      readonly event: string;
      readonly payload: unknown;
    }
  /** the answer to `targets` */
  | { readonly kind: 'targets'; readonly ask: number; readonly targets: readonly EventTarget[] }
  /** the answer to `addCapability`; `refused` says why it was not added */
  | { readonly kind: 'added'; readonly ask: number; readonly refused: string | undefined }
  | { readonly kind: 'hook'; readonly hook: Hook }
  | { readonly kind: 'navigation'; readonly ask: number; readonly window: string; readonly url: string }
  | { readonly kind: 'ping' }
  | { readonly kind: 'stop' };

// ---- from the process

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const Body = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('json'), json: z.string() }),
  z.object({ kind: z.literal('raw'), bytes: Bytes }),
]);
const OutcomeMessage = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: Body }),
  z.object({
    ok: z.literal(false),
    json: z.string(),
    denied: z.boolean().optional(),
    stack: z.string().optional(),
  }),
]);

/** Why code did not load, and where to look. Lines and columns count from 1. */
export const LoadError = z.object({
  message: z.string(),
  file: z.string().optional(),
  line: z.int().optional(),
  column: z.int().optional(),
  stack: z.string().optional(),
});
export type LoadError = z.infer<typeof LoadError>;

/** A file that the code consists of, and what it held when it was loaded. */
const LoadedFile = z.object({ path: z.string(), hash: z.string() });
export type LoadedFile = z.infer<typeof LoadedFile>;

const CommandInfo = z.object({
  name: z.string(),
  permissions: z.array(z.string()),
  /** the keys of its arguments */
  args: z.array(z.string()),
});
export type CommandInfo = z.infer<typeof CommandInfo>;

const PluginInfo = z.object({
  name: z.string(),
  commands: z.array(CommandInfo),
  initScript: z.string().optional(),
  /** the hooks it has, such as `onPageLoad` */
  hooks: z.array(z.string()),
});
export type PluginInfo = z.infer<typeof PluginInfo>;

export const FromProcess = z.discriminatedUnion('kind', [
  /** `ran`: when its handler began and ended, by the system's clock */
  z.object({
    kind: z.literal('outcome'),
    id: z.int(),
    outcome: OutcomeMessage,
    ran: z.tuple([z.number(), z.number()]).optional(),
  }),
  /** handlers that began in this turn and did not end in it, and when */
  z.object({ kind: z.literal('started'), calls: z.array(z.object({ id: z.int(), at: z.number() })) }),
  /** a handler was given a channel of its page */
  z.object({ kind: z.literal('channelOpen'), call: z.int(), channel: z.int() }),
  z.object({ kind: z.literal('channel'), call: z.int(), channel: z.int(), body: Body }),
  z.object({ kind: z.literal('channelEnd'), call: z.int(), channel: z.int() }),
  z.object({
    kind: z.literal('emit'),
    event: z.string(),
    target: EventTarget,
    json: z.string(),
    /** the record of the call whose handler emits it */
    cause: z.int().min(1).optional(),
  }),
  z.object({
    kind: z.literal('emitFiltered'),
    event: z.string(),
    targets: z.array(EventTarget),
    json: z.string(),
    cause: z.int().min(1).optional(),
  }),
  z.object({ kind: z.literal('addCapability'), ask: z.int(), capability: z.string() }),
  /** asks for the targets of the listeners of an event: a filter runs where it was written */
  z.object({ kind: z.literal('targets'), ask: z.int(), event: z.string() }),
  z.object({ kind: z.literal('listen'), listener: z.int(), event: z.string(), target: EventTarget }),
  z.object({ kind: z.literal('unlisten'), listener: z.int() }),
  z.object({ kind: z.literal('window'), label: z.string(), action: z.enum(['setFocus', 'close', 'destroy']) }),
  z.object({ kind: z.literal('title'), label: z.string(), title: z.string() }),
  z.object({ kind: z.literal('navigation'), ask: z.int(), allowed: z.boolean() }),
  z.object({ kind: z.literal('pong') }),
  /** an error that nobody waits for: of a listener or a hook, or a rejection that nobody handled */
  z.object({ kind: z.literal('problem'), where: z.string(), message: z.string(), stack: z.string().optional() }),
  /** an error outside of every handler, which ends the process */
  z.object({ kind: z.literal('uncaught'), message: z.string() }),
  z.object({ kind: z.literal('files'), files: z.array(LoadedFile), missing: z.array(z.string()) }),
  z.object({ kind: z.literal('ready'), commands: z.array(CommandInfo), plugins: z.array(PluginInfo) }),
  z.object({ kind: z.literal('loadError'), error: LoadError }),
]);
export type FromProcess = z.infer<typeof FromProcess>;
