/** Rust code of Tauri apps: which commands there are, and handlers in TypeScript for them. */
export { addHandler, addStub, type TextEdit } from './add-stub.ts';
export { type AnswerSample, answerSample } from './answer-sample.ts';
export { crateOf } from './crates.ts';
export { KEYWORDS } from './keywords.ts';
export type {
  ArgumentKind,
  RegisteredCommand,
  RustArgument,
  RustCommand,
  RustEvent,
  RustFile,
  RustText,
  RustType,
  RustTypeRef,
  RustWindow,
} from './model.ts';
export { lowerCamelCase, snakeCase } from './names.ts';
export { isRequired } from './optional.ts';
export { propertyName } from './print.ts';
export { type ReaderFiles, RustReader } from './reader.ts';
export { FunctionPaths, type FunctionPlace } from './function-uses.ts';
export type { NameUse } from './name-uses.ts';
export { type MissingCommand, RustIndex } from './rust-index.ts';
export { type Declaration, type Stub, type StubOptions, stubFor } from './stub.ts';
export type { KnownText } from './texts.ts';
export { stubFile } from './stub-file.ts';
export { payloadType, type WireTypes, wireTypes } from './wire-types.ts';
