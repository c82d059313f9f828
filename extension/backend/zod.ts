/** What `import … from 'zod'` gives in a project that has no zod of its own. */
export * from 'zod';
export { z as default } from 'zod';
