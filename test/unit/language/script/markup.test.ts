/** Code in Svelte, Vue and HTML files. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeIn } from '#server/script/markup.ts';
import { Scripts } from './facts.ts';

/** Names of the commands that a file calls, with the text at their places: it must be the same. */
function commandsIn(path: string, text: string): string[] {
  const scripts = new Scripts({ [path]: text });
  return scripts.facts(path).calls.map(({ command, commandAt, caller }) => {
    if (command !== undefined) expect(scripts.at(commandAt)).toBe(command);
    return caller === undefined ? String(command) : `${command} in ${caller}`;
  });
}

const IMPORT = `import { invoke } from '@tauri-apps/api/core';`;

describe('Svelte', () => {
  test.each<[what: string, text: string, commands: string[]]>([
    [
      'scripts',
      `<script context="module" lang='ts'>\n${IMPORT}\n</script>\n<script>let a = 1 < 2;\ninvoke('a')</script>`,
      ['a in Note'],
    ],
    [
      'an attribute',
      `<script>${IMPORT}</script>\n<button on:click={() => invoke('a')} {disabled} onclick="{() => invoke("b")}">{'}'}</button>`,
      ['a in Note', 'b in Note'],
    ],
    [
      'before its script',
      `<p class="a {invoke('a')} b">é\r\n{invoke('b')}</p>\r\n<script>${IMPORT}</script>`,
      ['a in Note', 'b in Note'],
    ],
    [
      'blocks',
      `<script>${IMPORT}</script>{#await invoke('a') then x}{x}{:catch e}{invoke('b')}{/await}{@const y = invoke('c')}{#if invoke('d')}{:else if invoke('e')}{/if}{#each invoke('f') as x (x.id)}{x}{/each}{@render row(invoke('g'))}`,
      ['a in Note', 'b in Note', 'c in Note', 'd in Note', 'e in Note', 'f in Note', 'g in Note'],
    ],
    [
      'an object in an attribute',
      `<script>${IMPORT}</script><Row style={{ a: 1, b: invoke('a') }} {...invoke('b')}{invoke('c')}/>`,
      ['a in Note', 'b in Note', 'c in Note'],
    ],
    [
      'functions of its script',
      `<script lang="ts">${IMPORT}\nconst call = (name: string) => invoke(name);</script><button onclick={() => call('a')}>x</button>`,
      ['a in Note'],
    ],
    [
      'but no comments, text or styles',
      `<script>${IMPORT}</script><!-- {invoke('a')} <script>invoke('b')</script> --><style>p { --a: invoke('c') }</style><p>invoke('d')</p>`,
      [],
    ],
    ['what is not finished', `<script>${IMPORT}</script>{invoke('a')}<button onclick={() => invoke('b'`, ['a in Note']],
    [
      'templates of strings',
      '<script>' + IMPORT + "</script>{`a ${invoke('a')} }`}{/* } */ invoke('b')}",
      ['a in Note', 'b in Note'],
    ],
  ])('%s', (_, text, commands) => {
    expect(commandsIn('src/Note.svelte', text).filter((each) => !each.startsWith('undefined'))).toEqual(commands);
  });
});

describe('Vue', () => {
  test.each<[what: string, text: string, commands: string[]]>([
    [
      'scripts in both orders',
      `<template><p :a="invoke('a')"/></template>\n<script lang="ts">\nexport default {};\n</script>\n<script setup lang="ts" generic="T extends Record<string, unknown>">${IMPORT}\ninvoke('b')</script>`,
      ['a in Note', 'b in Note'],
    ],
    [
      'directives',
      `<script setup>${IMPORT}</script><template><b @click="invoke('a')" v-on:x='invoke("b")' :c="invoke('c')" v-if="invoke('d')" v-for="x in invoke('e')" #row="{ x }" title="invoke('no')">{{ invoke('f') }} { invoke('no') }</b></template>`,
      ['a in Note', 'b in Note', 'c in Note', 'd in Note', 'e in Note', 'f in Note'],
    ],
    [
      'several statements',
      `<script setup>${IMPORT}</script><template><b @click="n++; invoke('a')" @x="() => { invoke('b') }" :style="{ a: 1, b: invoke('c') }"/></template>`,
      ['a in Note', 'b in Note', 'c in Note'],
    ],
    [
      'entities',
      `<script setup>${IMPORT}</script><template><b @click="a &amp;&amp; invoke(&quot;a&quot;)" :x="invoke(&#39;b&#39;)"/></template>`,
      ['a in Note', 'b in Note'],
    ],
    [
      'a component with options',
      `<script>${IMPORT}\nexport default { methods: { load() { invoke('a'); } }, mounted() { invoke('b'); } };</script>`,
      ['a in load', 'b in mounted'],
    ],
    [
      'but no other languages',
      `<script>${IMPORT}</script><template lang="pug">p(@click="invoke('a')")</template><style>a { b: v-bind("invoke('b')") }</style><!-- {{ invoke('c') }} -->`,
      [],
    ],
  ])('%s', (_, text, commands) => {
    expect(commandsIn('src/Note.vue', text)).toEqual(commands);
  });
});

describe('HTML', () => {
  test.each<[what: string, text: string, commands: string[]]>([
    [
      'scripts and handlers',
      `<!doctype html><script>const { invoke } = window.__TAURI__.core;</script><button onclick="invoke('a')" onload='invoke("b")'>x</button><script type="module">invoke('c')</script>`,
      ['a', 'b', 'c'],
    ],
    [
      'but no data, templates, text or comments',
      `<script type="application/json">invoke('a')</script><script type="text/x-template">invoke('b')</script><p title="invoke('c')">{invoke('d')} {{ invoke('e') }}</p><!-- <script>invoke('f')</script> --><textarea><script>invoke('g')</script></textarea>`,
      [],
    ],
    ['a script that is not finished', `<p>1 < 2</p><script>\ninvoke('a')`, ['a']],
    ['tags in strings', `<script>const a = "<p>"; invoke('a')</SCRIPT ><a onclick="invoke('b')">`, ['a', 'b']],
  ])('%s', (_, text, commands) => {
    expect(commandsIn('index.html', text)).toEqual(commands);
  });
});

test('whatever a text is: its code is as long, has the same line breaks, and of the text only what is code', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '<script>',
      '<script lang="ts">',
      '</script>',
      '<template>',
      '</template>',
      '<style>',
      '</style>',
      '<!--',
      '-->',
      '{',
      '}',
      '{{',
      '}}',
      '"',
      "'",
      '`',
      '${',
      '\\',
      '/*',
      '*/',
      '//',
      '<b @click="',
      ':a=',
      ' onclick=',
      '>',
      '/>',
      '=',
      '\r\n',
      '\n',
      '\r',
      '&quot;',
      '&amp;',
      '{#if',
      '{@const',
      'é\u2028😀',
    ),
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  const texts = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(texts, fc.constantFrom('a.svelte', 'a.vue', 'a.html'), (text, path) => {
      const code = codeIn(path, text).text;
      expect(code.length).toBe(text.length);
      expect(code.replaceAll(/[^\r\n]/g, '')).toBe(text.replaceAll(/[^\r\n]/g, ''));
      if (text.includes('&')) return;
      // Only brackets and semicolons are added, to keep expressions apart.
      const added = code.split('').filter((each, at) => each !== text[at]);
      expect([...new Set(added)].filter((each) => !' ;()'.includes(each))).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});
