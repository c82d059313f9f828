/**
 * The face of the library `ipc-workbench`: what handlers, plugins and tests are written with.
 */
export { CommandScope, GlobalScope } from './acl/scope/scope.ts';
export { type AppHandle, type WindowHandle } from './app.ts';
export { type Outcome, type RequestBody, type Stage } from './call.ts';
export { Channel, channel } from './channel.ts';
export { type Client, ipc } from './client.ts';
export { type Authority, type Command, type CommandContext, command, type Request, type Scope } from './command.ts';
export { IpcError, type IpcErrorKind, Rejection, reject } from './error.ts';
export { EventTarget, type HostEvent } from './event.ts';
export { type AppDefinition, app, type PageLoad, type Plugin, plugin, type RunEvent } from './plugin.ts';
export { type Resource } from './resource.ts';
