/** What `import … from 'ipc-workbench'` gives in the backend process. */
export * from '#core/index.ts';
export { validatePath } from './validate-path.ts';
