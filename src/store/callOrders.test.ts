import { expect, test } from 'vitest';
import { CallOrders } from './callOrders.ts';

test('a write follows the write before it, as long as that is open', () => {
  const orders = new CallOrders();
  expect(orders.begin(7, 1, false)).toBe(0);
  expect(orders.begin(7, 2, false)).toBe(1);
  expect(orders.begin(7, 3, false)).toBe(2);
  orders.end(7, 1, false);
  orders.end(7, 2, false);
  orders.end(7, 3, false);
  expect(orders.begin(7, 4, false)).toBe(0);
});

test('lines do not know each other, and calls without one follow nothing', () => {
  const orders = new CallOrders();
  orders.begin(7, 1, false);
  expect(orders.begin(8, 2, false)).toBe(0);
  expect(orders.begin(0, 3, false)).toBe(0);
  expect(orders.begin(0, 4, false)).toBe(0);
});

test('reads that are answered in their order count at once', () => {
  const orders = new CallOrders();
  for (const sequence of [1, 2, 3]) orders.begin(7, sequence, true);
  for (const sequence of [1, 2, 3]) {
    expect(orders.overtakes(7, sequence)).toBe(false);
    expect(orders.end(7, sequence, true)).toEqual([]);
  }
});

test('reads that overtook one are asked again when that one is answered', () => {
  const orders = new CallOrders();
  for (const sequence of [1, 2, 3]) orders.begin(7, sequence, true);
  expect(orders.overtakes(7, 2)).toBe(true);
  expect(orders.overtakes(7, 3)).toBe(true);
  expect(orders.end(7, 1, true)).toEqual([2, 3]);
  expect(orders.overtakes(7, 2)).toBe(false);
  expect(orders.end(7, 2, true)).toEqual([]);
  expect(orders.end(7, 3, true)).toEqual([]);
});

test('a read that overtook another and is given up is not asked again', () => {
  const orders = new CallOrders();
  for (const sequence of [1, 2]) orders.begin(7, sequence, true);
  expect(orders.overtakes(7, 2)).toBe(true);
  expect(orders.end(7, 2, true)).toEqual([]);
  expect(orders.end(7, 1, true)).toEqual([]);
});
