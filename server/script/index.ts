/** TypeScript and JavaScript of frontends and handlers, also in Svelte, Vue and HTML files. */
export { ScriptIndex } from './script-index.ts';
export { readScript } from './script-file.ts';
export { type ChannelClass, channelClass } from './channel.ts';
export { effectAround } from './effect.ts';
export { argumentReads } from './handler-argument.ts';
export { type Attempt, attempts, type CallAround, callAround, PROBE, quoteFor, variablesAt } from './cursor.ts';
