/** Capabilities: which windows hold which permissions, as Tauri's capability files say it. */
import * as z from 'zod';
import { identifierProblem } from './identifier.ts';

/** The platforms that a capability or a permission may be limited to. */
export const Target = z.enum(['macOS', 'windows', 'linux', 'android', 'iOS']);
export type Target = z.infer<typeof Target>;

/** What is `Option` in Tauri's own types: absent and null are the same. */
export const optional = <T extends z.ZodType>(type: T) =>
  type
    .nullable()
    .transform((value) => value ?? undefined)
    .optional();

/** The name of a permission or set, by the rules of Tauri's `Identifier`. */
export const IdentifierText = z.string().superRefine((text, context) => {
  const problem = identifierProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

/** A reference to a permission or a set; with `allow` or `deny` it extends the scopes of what it reaches. */
export const PermissionEntry = z
  .union([
    IdentifierText,
    z.object({
      identifier: IdentifierText,
      allow: optional(z.array(z.unknown())),
      deny: optional(z.array(z.unknown())),
    }),
  ])
  .meta({ title: 'PermissionEntry' });
export type PermissionEntry = z.infer<typeof PermissionEntry>;

export const Capability = z.object({
  /** any text: the grammar of identifiers is not for it */
  identifier: z.string(),
  description: z.string().default(''),
  /** addresses whose pages get the permissions, as URL patterns */
  remote: optional(z.object({ urls: z.array(z.string()) }).meta({ title: 'CapabilityRemote' })),
  /** whether pages of the app itself get them */
  local: z.boolean().default(true),
  windows: z.array(z.string()).default([]),
  webviews: z.array(z.string()).default([]),
  permissions: z.array(PermissionEntry),
  /** absent: all; an empty list: none */
  platforms: optional(z.array(Target)),
});
export type Capability = z.infer<typeof Capability>;

/** The identifier of a reference, in either of its forms. */
export function identifierOf(entry: PermissionEntry): string {
  return typeof entry === 'string' ? entry : entry.identifier;
}
