import { expect, test } from 'vitest';
import * as z from 'zod';
import { CommandScope, GlobalScope, readScopes } from '#core/acl/scope/scope.ts';
import { rejectionOf } from '#core/error.ts';

const Host = z.object({ host: z.string() });
const is = (host: string) => (entry: { readonly host: string }) => entry.host === host;
const entries = (...hosts: string[]) => hosts.map((host) => ({ host }));

test('a deny wins, no allow is every allow, and else one must fit', () => {
  const matches = (allow: readonly string[], deny: readonly string[], host: string) =>
    new CommandScope({ allow: entries(...allow), deny: entries(...deny) }, Host).matches(is(host));
  expect(matches(['a'], ['a'], 'a')).toBe(false);
  expect(matches([], ['a'], 'b')).toBe(true);
  expect(matches([], [], 'b')).toBe(true);
  expect(matches(['a', 'b'], [], 'b')).toBe(true);
  expect(matches(['a'], ['c'], 'b')).toBe(false);
});

test('entries are read by a schema or a function; one bad entry fails all', () => {
  const scope = new GlobalScope({ allow: [{ host: 'a', more: 1 }], deny: [{ host: 'b' }] }, Host);
  expect([scope.allows, scope.denies]).toEqual([[{ host: 'a' }], [{ host: 'b' }]]);
  expect(new CommandScope({ allow: ['1'], deny: [] }, Number).allows).toEqual([1]);
  const failure = (allow: readonly unknown[], deny: readonly unknown[]) => {
    try {
      return new CommandScope({ allow, deny }, Host);
    } catch (error) {
      return rejectionOf(error);
    }
  };
  const text = /^error deserializing scope: Invalid input: expected object, received number$/;
  expect(failure([{ host: 'a' }, 5], [])).toMatch(text);
  expect(failure([], [5])).toMatch(text);
  const later = Host.refine(async () => Promise.resolve(true));
  expect(() => new CommandScope({ allow: [{ host: 'a' }], deny: [] }, later)).toThrow('must not be asynchronous');
});

test('both scopes in one: the command’s entries come first', () => {
  const scopes = {
    command: { allow: entries('a'), deny: entries('b') },
    global: { allow: entries('c'), deny: entries('d') },
  };
  const { allows, denies } = readScopes(scopes, Host);
  expect([allows, denies]).toEqual([entries('a', 'c'), entries('b', 'd')]);
});
