import { expect, test } from 'vitest';
import { Rejection } from '#core/error.ts';
import { ResourceTable } from '#core/resource.ts';

class Image {
  closed = 0;
  close() {
    this.closed++;
  }
}
class Tray {}

test('a number is never 0 and never one that is taken', () => {
  const numbers = [0, 7, 7, 0, 7, 9];
  const table = new ResourceTable(() => numbers.shift() as number);
  expect([table.add({}), table.add({})]).toEqual([7, 9]);
});

test('a resource is got by its number and kind, or refused in Tauri’s words as a plain value', () => {
  const table = new ResourceTable();
  const image = new Image();
  const rid = table.add(image);
  expect(table.get(rid, Image)).toBe(image);
  for (const wrong of [() => table.get(rid, Tray), () => table.get(rid + 1, Image)]) {
    expect(wrong).toThrow(Rejection);
    expect(wrong).toThrow(/^The resource id \d+ is invalid\.$/);
  }
});

test('closing runs the hook once; what is closed is unknown', () => {
  const table = new ResourceTable();
  const image = new Image();
  const rid = table.add(image);
  expect([table.close(rid), table.close(rid), image.closed, table.find(rid), table.size]).toEqual([
    true,
    false,
    1,
    undefined,
    0,
  ]);
});

test('what is released is not closed, for it lives on elsewhere', () => {
  const table = new ResourceTable();
  const image = new Image();
  const rid = table.add(image);
  expect([table.release(rid), table.release(rid), table.size, image.closed]).toEqual([true, false, 0, 0]);
});

test('the end of a table closes all that is left, whatever fails', () => {
  const table = new ResourceTable();
  const images = [new Image(), new Image()];
  table.add(images[0] as Image);
  table.add({
    close() {
      throw new Error('stuck');
    },
  });
  table.add(images[1] as Image);
  expect(() => table.dispose()).toThrow('closing resources failed');
  table.dispose();
  expect([images.map(({ closed }) => closed), table.size]).toEqual([[1, 1], 0]);
});
