import { expect, onTestFinished, test } from 'vitest';
import { failure, success } from '#core/call.ts';
import { command } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { Emitter } from '#core/lifetime.ts';
import type { Rule } from '#core/rules.ts';
import { AppAnswers } from '../../../extension/app/app-answers.ts';
import { createCore, type FakePage, openFake, turn, until } from '../core/fakes.ts';
import { CARGO, commandIn, RustProject } from './rust-project.ts';

const MAIN = `fn main() { tauri::Builder::default().invoke_handler(tauri::generate_handler![save_note, list_notes]); }
${commandIn('save_note')}${commandIn('list_notes')}${commandIn('forgotten')}`;

class FakeRules {
  readonly #changes = new Emitter<void>();
  readonly onChange = this.#changes.event;
  #rules = new Map<string, Rule>();

  get size(): number {
    return this.#rules.size;
  }

  find(name: string): Rule | undefined {
    return this.#rules.get(name);
  }

  set(...rules: readonly Rule[]): void {
    this.#rules = new Map(rules.map((rule) => [rule.command, rule]));
    this.#changes.fire();
  }
}

interface Started {
  readonly core: Core;
  readonly answers: AppAnswers;
  readonly rules: FakeRules;
  readonly page: FakePage;
  readonly project: RustProject;
}

function start(): Started {
  const project = new RustProject({ 'src-tauri/Cargo.toml': CARGO, 'src-tauri/src/main.rs': MAIN });
  const rules = new FakeRules();
  const answers: AppAnswers = new AppAnswers({ rust: project.commands(), rules });
  const core = createCore({ unhandled: (call, notFound) => answers.unhandled(call, notFound) });
  answers.serve(core);
  onTestFinished(() => {
    answers.dispose();
    core.dispose();
  });
  return { core, answers, rules, page: openFake(core), project };
}

const SENTENCE =
  'Command save_note has no TypeScript handler yet: it is defined in src-tauri/src/main.rs:3. Create a handler stub from its signature, or answer it in the IPC Inspector.';

const recordOf = (core: Core, name: string) => [...core.tap.records()].findLast((record) => record.name === name);

/** The rejections of the call whose callback that is. */
async function rejected(page: FakePage, callback: number): Promise<unknown> {
  await until(() => page.ran(callback + 1).length > 0);
  return page.ran(callback + 1)[0];
}

test('a call that comes while the code is still read waits, and is answered with where its command is defined', async () => {
  const { core, page, answers } = start();
  expect(answers.rust.isRead).toBe(false);
  page.invoke('save_note', {}, 1);
  expect(await rejected(page, 1)).toBe(SENTENCE);
  expect(recordOf(core, 'save_note')?.status).toBe('unhandled');
  expect(answers.unanswered.map(({ name }) => name)).toEqual(['save_note', 'list_notes']);
});

test('a command that nobody defines is not found; the inspector alone is told what may be meant', async () => {
  const { core, page, answers } = start();
  await answers.rust.whenRead();
  const told = async (name: string, callback: number) => {
    page.invoke(name, {}, callback);
    const text = await rejected(page, callback);
    const record = recordOf(core, name);
    return [text, record?.status, record?.note];
  };
  expect(await told('saveNote', 1)).toEqual([
    'Command saveNote not found',
    'error',
    'Did you mean save_note, defined in src-tauri/src/main.rs:3?',
  ]);
  expect(await told('forgotten', 3)).toEqual([
    'Command forgotten not found',
    'error',
    'It is defined in src-tauri/src/main.rs:11, but no generate_handler! names it.',
  ]);
  expect(await told('anything', 5)).toEqual(['Command anything not found', 'error', undefined]);
  expect(await told('plugin:none|x', 7)).toEqual(['plugin none not found', 'error', undefined]);
});

test('a handler takes what Rust defines, too', async () => {
  const { core, page, answers } = start();
  await answers.rust.whenRead();
  core.addCommand(command('save_note', {}, () => 'saved'));
  page.invoke('save_note', {}, 1);
  await until(() => page.ran(1).length > 0);
  expect(page.ran(1)).toEqual(['saved']);
  expect(answers.unanswered.map(({ name }) => name)).toEqual(['list_notes']);
});

test('a rule answers before anybody else, and its record says so; without rules a call passes no stage', async () => {
  const { core, page, rules, answers } = start();
  core.addCommand(command('save_note', {}, () => 'saved'));
  const call = async (callback: number) => {
    page.invoke('save_note', {}, callback);
    await until(() => page.ran(callback).length + page.ran(callback + 1).length > 0);
    return [page.ran(callback), page.ran(callback + 1), recordOf(core, 'save_note')?.answeredBy];
  };
  rules.set({ command: 'save_note', answer: { ok: { id: 1 } } });
  expect(await call(1)).toEqual([[{ id: 1 }], [], 'rule']);
  expect(recordOf(core, 'save_note')?.note).toBe('Answered by a rule of .ipc-workbench/rules.json.');
  rules.set({ command: 'save_note', answer: { error: ['no'] } });
  expect(await call(3)).toEqual([[], [['no']], 'rule']);
  rules.set({ command: 'save_note', answer: { bytes: 'AQI=' } });
  expect(await call(5)).toEqual([[[1, 2]], [], 'rule']);
  expect(answers.unanswered.map(({ name }) => name)).not.toContain('save_note');
  rules.set({ command: 'other', answer: { ok: 1 } });
  expect(await call(7)).toEqual([['saved'], [], undefined]);
  rules.set();
  page.invoke('save_note', {}, 9);
  // Answered in the same turn: nothing asynchronous is in its way.
  expect(recordOf(core, 'save_note')?.status).toBe('ok');
});

test('by hand: the next call waits, the ones after it do not', async () => {
  const { core, page, answers } = start();
  const { byHand } = answers;
  core.addCommand(command('save_note', {}, () => 'saved'));
  byHand.arm('save_note');
  expect([...byHand.armed]).toEqual(['save_note']);
  page.invoke('save_note', {}, 1);
  page.invoke('save_note', {}, 3);
  await until(() => page.ran(3).length > 0);
  const [record] = [...byHand.held.keys()];
  expect([byHand.held.size, byHand.armed.size, page.ran(1)]).toEqual([1, 0, []]);
  expect(byHand.answer(record as number, success('by me'))).toBe(true);
  await until(() => page.ran(1).length > 0);
  expect(page.ran(1)).toEqual(['by me']);
  expect(core.tap.find(record as number)).toMatchObject({
    status: 'ok',
    answeredBy: 'hand',
    note: 'Answered by hand.',
  });
  expect(byHand.answer(record as number, success('again'))).toBe(false);
});

test('by hand: a call may be rejected, or go on to whoever answers it', async () => {
  const { core, page, answers } = start();
  core.addCommand(command('save_note', {}, () => 'saved'));
  const held = () => [...answers.byHand.held.keys()][0] as number;
  answers.byHand.arm('save_note');
  page.invoke('save_note', {}, 1);
  await until(() => answers.byHand.held.size > 0);
  answers.byHand.answer(held(), failure({ code: 5 }));
  expect(await rejected(page, 1)).toEqual({ code: 5 });
  answers.byHand.arm('save_note');
  page.invoke('save_note', {}, 3);
  await until(() => answers.byHand.held.size > 0);
  answers.byHand.passOn(held());
  await until(() => page.ran(3).length > 0);
  expect(page.ran(3)).toEqual(['saved']);
});

test('by hand: a page that reloads ends the call, and one that was not wanted any more waits for nothing', async () => {
  const { core, page, answers } = start();
  await answers.rust.whenRead();
  answers.byHand.arm('save_note');
  page.invoke('save_note', {}, 1);
  await until(() => answers.byHand.held.size > 0);
  page.ready();
  expect(answers.byHand.held.size).toBe(0);
  await turn();
  expect(recordOf(core, 'save_note')?.status).toBe('orphan');
  answers.byHand.arm('save_note');
  answers.byHand.disarm('save_note');
  page.invoke('save_note', {}, 3);
  expect(await rejected(page, 3)).toBe(SENTENCE);
});

test('by hand: what is not recorded cannot be seen, so it does not wait', async () => {
  const { core, page, answers } = start();
  core.addCommand(command('save_note', {}, () => 'saved'));
  core.tap.paused = true;
  answers.byHand.arm('save_note');
  page.invoke('save_note', {}, 1);
  await until(() => page.ran(1).length > 0);
  expect([...answers.byHand.armed]).toEqual(['save_note']);
});

test('the end of the app ends what waits', async () => {
  const { page, answers } = start();
  answers.byHand.arm('save_note');
  page.invoke('save_note', {}, 1);
  await until(() => answers.byHand.held.size > 0);
  answers.dispose();
  expect(answers.byHand.held.size).toBe(0);
});
