/**
 * Arguments: from the page's JSON to a handler's typed parameters, with Tauri's own texts where something is wrong
 * (tauri-core 2.5 and 2.9).
 */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type MaybePromise, type RequestBody, whenDone } from './call.ts';
import { bindChannels, type ChannelBinder, withChannels } from './channel.ts';
import { Rejection } from './error.ts';
import { serdeMessage } from './serde.ts';

/** One schema per parameter, in the order in which they are checked. Any Standard Schema may stand here. */
export type ArgumentSchemas = Readonly<Record<string, StandardSchemaV1>>;

/** The parameters that a handler gets for its schemas. */
export type ArgumentsOf<S extends ArgumentSchemas> = { readonly [K in keyof S]: StandardSchemaV1.InferOutput<S[K]> };

/** The arguments a page gives for a handler's schemas. */
export type ArgumentInputOf<S extends ArgumentSchemas> = {
  readonly [K in keyof S as undefined extends StandardSchemaV1.InferInput<S[K]>
    ? never
    : K]: StandardSchemaV1.InferInput<S[K]>;
} & {
  readonly [K in keyof S as undefined extends StandardSchemaV1.InferInput<S[K]>
    ? K
    : never]?: StandardSchemaV1.InferInput<S[K]>;
};

/**
 * Checks the arguments of a call in declaration order; the first that fails decides the text of the {@link Rejection}.
 * Unknown keys are ignored, as in Tauri.
 */
export function readArguments<S extends ArgumentSchemas>(
  command: string,
  schemas: S,
  body: RequestBody,
  bind: ChannelBinder,
): MaybePromise<ArgumentsOf<S>> {
  const keys = Object.keys(schemas);
  const read: Record<string, unknown> = {};
  const readFrom = (index: number): MaybePromise<ArgumentsOf<S>> => {
    const key = keys[index];
    if (key === undefined) return read as ArgumentsOf<S>;
    if (body.kind === 'raw') {
      throw invalidArgument(
        command,
        key,
        `command ${command} expected a value for key ${key} but the IPC call used a bytes payload`,
      );
    }
    return whenDone(readArgument(command, key, schemas[key] as StandardSchemaV1, body.value, bind), (value) => {
      read[key] = value;
      return readFrom(index + 1);
    });
  };
  return readFrom(0);
}

function readArgument(
  command: string,
  key: string,
  schema: StandardSchemaV1,
  payload: unknown,
  bind: ChannelBinder,
): MaybePromise<unknown> {
  const given = isObject(payload) && Object.hasOwn(payload, key) ? payload[key] : undefined;
  const result = validate(schema, given, bind);
  if (result instanceof Promise) {
    return result.then((settled) => {
      const value = accept(command, key, schema, given, settled, bind);
      bindChannels(value, bind);
      return value;
    });
  }
  return accept(command, key, schema, given, result, bind);
}

function accept(
  command: string,
  key: string,
  schema: StandardSchemaV1,
  given: unknown,
  result: StandardSchemaV1.Result<unknown>,
  bind: ChannelBinder,
): unknown {
  if (!result.issues) return result.value;
  if (given === undefined) throw missingArgument(command, key);
  if (given === null) {
    // Rust's Option takes null for none; so does a schema that accepts an absent value.
    const absent = validate(schema, undefined, bind);
    if (!(absent instanceof Promise) && !absent.issues) return absent.value;
  }
  const issue = result.issues[0];
  if (issue && isChannelIssue(issue) && (issue.path ?? []).length === 0) throw new Rejection(issue.message);
  throw invalidArgument(command, key, issue ? serdeMessage(issue, given, schema, key) : 'invalid value');
}

function validate(
  schema: StandardSchemaV1,
  value: unknown,
  bind: ChannelBinder,
): StandardSchemaV1.Result<unknown> | Promise<StandardSchemaV1.Result<unknown>> {
  return withChannels(bind, () => schema['~standard'].validate(value));
}

/** The rejection for one argument, in Tauri's words. */
export function invalidArgument(command: string, key: string, reason: string): Rejection {
  return new Rejection(`invalid args \`${key}\` for command \`${command}\`: ${reason}`);
}

export function missingArgument(command: string, key: string): Rejection {
  return invalidArgument(command, key, `command ${command} missing required key ${key}`);
}

function isChannelIssue(issue: StandardSchemaV1.Issue): boolean {
  return (issue as { params?: { channel?: boolean } }).params?.channel === true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
