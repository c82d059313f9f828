/**
 * How a handler says no. A rejection reaches the page as a plain value, never as an Error object, just as the `Err` of
 * a Rust command does (tauri-core 2.8): usually a string, or whatever JSON value the handler chose.
 */

/** The kinds of {@link IpcError}. */
export type IpcErrorKind = 'invalidRequest' | 'channelClosed' | 'serialization' | 'invalidPath' | 'permissionDenied';

const PREFIX: Record<IpcErrorKind, string> = {
  invalidRequest: 'Invalid request: ',
  channelClosed: 'Channel closed',
  serialization: 'Serialization error: ',
  invalidPath: 'Invalid path: ',
  permissionDenied: 'Permission denied: ',
};

/**
 * An expected failure of a command. The page's promise rejects with its message, a string such as
 * `Invalid request: the name is empty`. Compare by `kind`, not by text.
 */
export class IpcError extends Error {
  override readonly name = 'IpcError';
  readonly kind: IpcErrorKind;

  constructor(kind: IpcErrorKind, text = '', options?: { cause?: unknown }) {
    super(PREFIX[kind] + text, options);
    this.kind = kind;
  }

  static invalidRequest(text: string): IpcError {
    return new IpcError('invalidRequest', text);
  }

  static channelClosed(): IpcError {
    return new IpcError('channelClosed');
  }

  static serialization(text: string): IpcError {
    return new IpcError('serialization', text);
  }

  static invalidPath(text: string): IpcError {
    return new IpcError('invalidPath', text);
  }

  static permissionDenied(text: string): IpcError {
    return new IpcError('permissionDenied', text);
  }
}

/** Thrown by {@link reject}: carries the value that the page's promise rejects with. */
export class Rejection extends Error {
  override readonly name = 'Rejection';
  readonly value: unknown;

  constructor(value: unknown) {
    super(typeof value === 'string' ? value : 'the command rejected');
    this.value = value;
  }
}

/**
 * Makes the page's promise reject with any JSON value, as a Rust command whose error type serialises to it:
 * `throw reject({ kind: 'io', message: 'disk full' })`.
 */
export function reject(value: unknown): Rejection {
  return new Rejection(value);
}

/** What a thrown value becomes for the page: the chosen value, an error's message, or the value itself. */
export function rejectionOf(thrown: unknown): unknown {
  if (thrown instanceof Rejection) return thrown.value;
  if (thrown instanceof Error) return thrown.message;
  return thrown === undefined ? null : thrown;
}

/** The stack to keep in the host's log: of real errors only; an expected no needs none. */
export function stackOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || thrown instanceof Rejection || thrown instanceof IpcError) return undefined;
  return thrown.stack;
}
