import { expect, test } from 'vitest';
import { disposable, Emitter, Lifetime } from '#core/lifetime.ts';

const noting = (name: string, order: string[]) => ({ dispose: () => void order.push(name) });

test('the last one owned ends first, and each once', () => {
  const order: string[] = [];
  const life = new Lifetime();
  life.own(noting('first', order));
  life.onEnd(() => order.push('second'));
  expect([life.over, life.size]).toEqual([false, 2]);
  life.dispose();
  life.dispose();
  expect([order, life.over, life.size]).toEqual([['second', 'first'], true, 0]);
});

test('what comes after the end ends at once', () => {
  const order: string[] = [];
  const life = new Lifetime();
  life.dispose();
  life.own(noting('late', order));
  expect(order).toEqual(['late']);
});

test('one that fails keeps no other from ending; all errors come together', () => {
  const order: string[] = [];
  const fail = (text: string) => ({
    dispose() {
      throw new Error(text);
    },
  });
  const one = new Lifetime();
  one.own(noting('kept', order));
  one.own(fail('a'));
  expect(() => one.dispose()).toThrow('a');
  const two = new Lifetime();
  two.own(fail('a'));
  two.own(noting('between', order));
  two.own(fail('b'));
  const errors: unknown[] = [];
  try {
    two.dispose();
  } catch (error) {
    errors.push(...(error as AggregateError).errors.map((each: Error) => each.message));
  }
  expect([order, errors]).toEqual([
    ['kept', 'between'],
    ['b', 'a'],
  ]);
});

test('a thing may end before its owner, or be let go', () => {
  const order: string[] = [];
  const life = new Lifetime();
  const [a, b] = [life.own(noting('a', order)), life.own(noting('b', order))];
  life.end(a);
  life.release(b);
  life.dispose();
  expect(order).toEqual(['a']);
});

test('a disposable acts once', () => {
  let count = 0;
  const thing = disposable(() => count++);
  thing.dispose();
  thing.dispose();
  expect(count).toBe(1);
});

test('an emitter tells its listeners in their order, each subscription by itself', () => {
  const heard: string[] = [];
  const emitter = new Emitter<string>();
  const listener = (value: string) => heard.push(value);
  const [first] = [emitter.event(listener), emitter.event(listener)];
  emitter.fire('both');
  first.dispose();
  first.dispose();
  emitter.fire('one');
  expect([heard, emitter.size]).toEqual([['both', 'both', 'one'], 1]);
  emitter.dispose();
  emitter.fire('none');
  expect(heard.length).toBe(3);
});

test('a listener that throws silences no other, and its error comes out', () => {
  const heard: number[] = [];
  const emitter = new Emitter<number>();
  emitter.event(() => {
    throw new Error('first');
  });
  emitter.event((value) => heard.push(value));
  expect(() => emitter.fire(1)).toThrow('first');
  emitter.event(() => {
    throw new Error('third');
  });
  expect(() => emitter.fire(2)).toThrow('2 listeners failed');
  expect(heard).toEqual([1, 2]);
});

test('listeners that subscribe or leave while it fires do not disturb the others', () => {
  const heard: string[] = [];
  const emitter = new Emitter<void>();
  const leaving = emitter.event(() => {
    heard.push('leaving');
    leaving.dispose();
    emitter.event(() => heard.push('new'));
  });
  emitter.event(() => heard.push('staying'));
  emitter.fire();
  emitter.fire();
  expect(heard).toEqual(['leaving', 'staying', 'staying', 'new']);
});

test('what is lent ends with its owner, or when its user is done with it; then nothing of it is kept', () => {
  const life = new Lifetime();
  const ended: string[] = [];
  const thing = (name: string) => ({ name, dispose: () => ended.push(name) });
  const mine = life.lend(thing('mine'));
  life.lend(thing('theirs'));
  expect([mine.name, life.size]).toEqual(['mine', 2]);
  mine.dispose();
  expect([ended, life.size]).toEqual([['mine'], 1]);
  life.dispose();
  expect(ended).toEqual(['mine', 'theirs']);
});
