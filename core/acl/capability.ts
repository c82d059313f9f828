/** Capability files: which windows hold which permissions (tauri-acl 2). */
import * as z from 'zod';

export const PermissionEntry = z.union([
  z.string(),
  z.object({
    identifier: z.string(),
    allow: z.array(z.unknown()).optional(),
    deny: z.array(z.unknown()).optional(),
  }),
]);
export type PermissionEntry = z.infer<typeof PermissionEntry>;

export const Capability = z.object({
  identifier: z.string(),
  description: z.string().default(''),
  windows: z.array(z.string()).default([]),
  webviews: z.array(z.string()).default([]),
  local: z.boolean().default(true),
  permissions: z.array(PermissionEntry),
  platforms: z.array(z.string()).optional(),
});
export type Capability = z.infer<typeof Capability>;

/** A file holds one capability, a list of them, or `{ "capabilities": […] }`. */
export const CapabilityFile = z.union([
  Capability.transform((capability) => [capability]),
  z.array(Capability),
  z.object({ capabilities: z.array(Capability) }).transform((file) => file.capabilities),
]);
