/** What an author of commands writes, and what the registry keeps of it. */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { AppHandle, WindowHandle } from './app.ts';
import { type ArgumentInputOf, type ArgumentSchemas, type ArgumentsOf, readArguments } from './argument.ts';
import {
  type Call,
  failure,
  type HandlerClock,
  type MaybePromise,
  type Outcome,
  type RequestBody,
  success,
  whenDone,
} from './call.ts';
import type { ChannelBinder } from './channel.ts';
import { IpcError, rejectionOf, stackOf } from './error.ts';

/** The scope values that a capability attaches to the permissions of a command (Tauri's `CommandScope`). */
export interface Scope {
  readonly allow: readonly unknown[];
  readonly deny: readonly unknown[];
}

/** Asks whether the calling window holds a permission (Tauri's capabilities decide). */
export interface Authority {
  /** Whether a capability of the window grants `permission`, for `value` (a path or URL) where one is given. */
  allows(permission: string, value?: string): boolean;
  /** As `allows`, but throws an {@link IpcError} `permissionDenied` that says what was looked at and what is missing. */
  require(permission: string, value?: string): void;
}

/** The raw request: the body as it came, and the headers given to `invoke` (Tauri's `ipc::Request`). */
export interface Request {
  readonly headers: Headers;
  readonly body: RequestBody;
}

/** The request of a call; headers are made when somebody reads them. */
export class CallRequest implements Request {
  readonly body: RequestBody;
  readonly #call: Pick<Call, 'body' | 'headers'>;
  #headers: Headers | undefined;

  constructor(call: Pick<Call, 'body' | 'headers'>) {
    this.#call = call;
    this.body = call.body;
  }

  get headers(): Headers {
    if (!this.#headers) {
      this.#headers = new Headers(this.#call.headers.map(([name, value]): [string, string] => [name, value]));
      this.#headers.set('content-type', this.body.kind === 'raw' ? 'application/octet-stream' : 'application/json');
    }
    return this.#headers;
  }
}

/** The second parameter of every handler. */
export interface CommandContext {
  readonly app: AppHandle;
  /** the window that called */
  readonly window: WindowHandle;
  /** the same window: in VS Code a window has exactly one webview, of the same label */
  readonly webview: WindowHandle;
  /** what `app.manage(key, value)` put there; rejects with Tauri's text where nothing is managed */
  state<T = unknown>(key: string): T;
  /** what the capabilities attach to the permissions by which the window may call this command (Tauri's `CommandScope`) */
  readonly scope: Scope;
  /** what they attach to the plugin as a whole (Tauri's `GlobalScope`) */
  readonly globalScope: Scope;
  readonly authority: Authority;
  readonly request: Request;
  /** aborted when the calling window closes or reloads */
  readonly signal: AbortSignal;
}

export interface CommandOptions<S extends ArgumentSchemas, R extends StandardSchemaV1 | undefined> {
  /** one schema per argument, by the key that the page uses; absent: no arguments */
  readonly args?: S;
  /** checks the result before it goes to the page */
  readonly returns?: R;
  /** permissions that a capability must grant the calling window before the handler runs */
  readonly permissions?: readonly string[];
}

type Result<R> = R extends StandardSchemaV1 ? StandardSchemaV1.InferInput<R> : unknown;

/** A command as {@link command} makes it: data, so that it can be permitted, listed, recorded and replayed by name. */
export interface Command<Name extends string = string, Args = unknown, Output = unknown> {
  readonly name: Name;
  readonly permissions: readonly string[];
  readonly args: ArgumentSchemas;
  /** runs the handler on a call; never throws or rejects. The outcome is there at once where nothing had to wait */
  run(call: Call, bind: ChannelBinder, context: CommandContext, clock?: HandlerClock): MaybePromise<Outcome>;
  /** types only: what a page gives, and gets */
  readonly _?: { readonly args: Args; readonly output: Output };
}

/**
 * Defines a command. The handler gets the checked arguments and the context; what it returns (or what its promise
 * resolves to) is the page's result: JSON, `null` for nothing, an `ArrayBuffer` for bytes. What it throws is the page's
 * rejection: an error's message, or any value through `throw reject(value)`. Stacks stay in the host.
 *
 * @example
 * const greet = command('greet', { args: { name: z.string() } }, ({ name }) => `Hello, ${name}!`);
 */
export function command<
  const Name extends string,
  const S extends ArgumentSchemas = Record<never, never>,
  R extends StandardSchemaV1 | undefined = undefined,
  Output extends Result<R> | Promise<Result<R>> = Result<R> | Promise<Result<R>>,
>(
  name: Name,
  options: CommandOptions<S, R>,
  handler: (args: ArgumentsOf<S>, context: CommandContext) => Output,
): Command<Name, ArgumentInputOf<S>, R extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<R> : Awaited<Output>> {
  const schemas = options.args ?? ({} as S);
  return {
    name,
    permissions: options.permissions ?? [],
    args: schemas,
    run(call, bind, context, clock) {
      const fail = (error: unknown) => {
        clock?.ended();
        return refusal(error);
      };
      try {
        for (const permission of options.permissions ?? []) context.authority.require(permission);
        const outcome = whenDone(readArguments(name, schemas, call.body, bind), (args) => {
          clock?.started();
          return whenDone<unknown, Outcome>(handler(args, context), (result) => {
            clock?.ended();
            return options.returns
              ? whenDone(options.returns['~standard'].validate(result), (checked) => success(accepted(checked)))
              : success(result);
          });
        });
        return outcome instanceof Promise ? outcome.catch(fail) : outcome;
      } catch (error) {
        return fail(error);
      }
    },
  };
}

/** What was thrown as an outcome; its stack stays in the host. */
function refusal(error: unknown): Outcome {
  const denied = error instanceof IpcError && error.kind === 'permissionDenied';
  return failure(rejectionOf(error), { denied, stack: stackOf(error) });
}

/** The result as its schema gave it, or an error that says where it does not fit. */
function accepted(result: StandardSchemaV1.Result<unknown>): unknown {
  if (!result.issues) return result.value;
  const issue = result.issues[0];
  const path = (issue?.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
  throw IpcError.serialization(`the result${path && ` at ${path}`} does not fit: ${issue?.message}`);
}
