import * as store from '@tauri-apps/plugin-store';
import { equal, heard, ok, pluginCases } from './cases.ts';

type AnyStore = store.Store | store.LazyStore;

let number = 0;
const newPath = () => `store-${number++}.json`;

/** The same of both classes: each gets a fresh store. */
function commonCases(name: string, make: () => Promise<AnyStore>): Parameters<typeof pluginCases>[1] {
  const filled = async () => {
    const made = await make();
    await made.set('a', 1);
    await made.set('b', { deep: ['ü'] });
    return made;
  };
  return {
    [`${name}#set`]: async () => void (await filled()),
    [`${name}#get`]: async () => {
      const made = await filled();
      equal([await made.get('b'), (await made.get('none')) === undefined], [{ deep: ['ü'] }, true]);
    },
    [`${name}#has`]: async () => {
      const made = await filled();
      equal([await made.has('a'), await made.has('none')], [true, false]);
    },
    [`${name}#delete`]: async () => {
      const made = await filled();
      equal([await made.delete('a'), await made.delete('a'), await made.length()], [true, false, 1]);
    },
    [`${name}#clear`]: async () => {
      const made = await filled();
      await made.clear();
      equal(await made.length(), 0);
    },
    [`${name}#reset`]: async () => {
      const made = await filled();
      await made.reset();
      equal(await made.has('a'), false);
    },
    [`${name}#keys`]: async () => equal((await (await filled()).keys()).sort(), ['a', 'b']),
    [`${name}#values`]: async () => equal((await (await filled()).values()).length, 2),
    [`${name}#entries`]: async () =>
      equal(
        (await (await filled()).entries()).find(([key]) => key === 'a'),
        ['a', 1],
      ),
    [`${name}#length`]: async () => equal(await (await filled()).length(), 2),
    [`${name}#save`]: async () => (await filled()).save(),
    [`${name}#reload`]: async () => {
      const made = await filled();
      await made.save();
      await made.set('a', 2);
      await made.reload();
      equal(await made.get('a'), 1);
    },
    [`${name}#onKeyChange`]: async () => {
      const made = await make();
      const value = heard<unknown>();
      const unlisten = await made.onKeyChange('a', value.tell);
      await made.set('a', 3);
      equal(await value.promise, 3);
      unlisten();
    },
    [`${name}#onChange`]: async () => {
      const made = await make();
      const change = heard<unknown>();
      const unlisten = await made.onChange((key, value) => change.tell([key, value]));
      await made.set('b', 4);
      equal(await change.promise, ['b', 4]);
      unlisten();
    },
  };
}

const options = { autoSave: false, defaults: {} };

export const storeCases = pluginCases(store, {
  async load() {
    const loaded = await store.load(newPath(), { autoSave: 100, defaults: { theme: 'dark' } });
    equal(await loaded.get('theme'), 'dark');
  },
  async getStore() {
    const path = newPath();
    equal(await store.getStore(path), null);
    const { rid } = await store.load(path);
    equal((await store.getStore(path))?.rid, rid);
  },
  'Store.load': async () => ok((await store.Store.load(newPath())).rid > 0, 'a store has a rid'),
  'Store.get': async () => {
    const path = newPath();
    await store.Store.load(path);
    ok((await store.Store.get(path)) !== null, 'a loaded store is found');
  },
  ...commonCases('Store', () => store.load(newPath(), options)),
  'LazyStore#init': async () => new store.LazyStore(newPath(), options).init(),
  ...commonCases('LazyStore', () => Promise.resolve(new store.LazyStore(newPath(), options))),
  'LazyStore#close': async () => {
    const lazy = new store.LazyStore(newPath(), options);
    await lazy.init();
    await lazy.close();
  },
});
