import { expect, test } from 'vitest';
import { type Guest, ThreadRoom } from '../../../src/runtime/sleep/thread-room.ts';

type Four = readonly [Guest, Guest, Guest, Guest];

/** Guests of a room, which has let in those of `inside` and asks those of `asked` to give way. */
function guests() {
  const inside: string[] = [];
  const asked = new Set<string>();
  const guest = (name: string, sleeps = true): Guest => ({
    sleeps,
    enter: () => inside.push(name),
    giveWay: () => asked.add(name),
  });
  const several = (...names: string[]) => names.map((name) => guest(name)) as unknown as Four;
  return { inside, asked, guest, several };
}

test('who comes first is let in first, as others leave', () => {
  const room = new ThreadRoom(2, 9);
  const { inside, several } = guests();
  const [a, b, c, d] = several('a', 'b', 'c', 'd');
  for (const one of [a, b, c, d]) room.come(one);
  expect(inside).toEqual(['a', 'b']);
  room.leave(b);
  expect(inside).toEqual(['a', 'b', 'c']);
  room.come(b);
  room.leave(a);
  room.leave(c);
  expect(inside).toEqual(['a', 'b', 'c', 'd', 'b']);
});

test('those inside are asked to give way only while somebody waits for their threads', () => {
  const room = new ThreadRoom(1, 9);
  const { asked, guest } = guests();
  room.come(guest('a'));
  expect([...asked]).toEqual([]);
  const b = guest('b');
  room.come(b);
  expect([...asked]).toEqual(['a']);
});

test('one that waits no longer is passed over', () => {
  const room = new ThreadRoom(1, 9);
  const { inside, several } = guests();
  const [a, b, c] = several('a', 'b', 'c');
  for (const one of [a, b, c]) room.come(one);
  room.leave(b);
  room.leave(a);
  expect(inside).toEqual(['a', 'c']);
});

test('only so many begin at once, and nobody is asked to give way for that', () => {
  const room = new ThreadRoom(9, 2);
  const { inside, asked, several } = guests();
  const [a, b, c] = several('a', 'b', 'c');
  for (const one of [a, b, c]) room.come(one);
  expect(inside).toEqual(['a', 'b']);
  expect([...asked]).toEqual([]);
  room.isAtWork(a);
  expect(inside).toEqual(['a', 'b', 'c']);
});

test('tasks that never sleep need not wait, and leave room for one of the others at least', () => {
  const room = new ThreadRoom(2, 9);
  const { inside, guest } = guests();
  for (const name of ['x', 'y', 'z']) room.come(guest(name, false));
  expect(inside).toEqual(['x', 'y', 'z']);
  const a = guest('a');
  room.come(a);
  room.come(guest('b'));
  expect(inside).toEqual(['x', 'y', 'z', 'a']);
  room.leave(a);
  expect(inside).toEqual(['x', 'y', 'z', 'a', 'b']);
});

test('a place that was reserved is had at once, before those who wait', () => {
  const room = new ThreadRoom(1, 9);
  const { inside, several } = guests();
  const [a, b] = several('a', 'b');
  expect(room.reserve(a)).toBe(true);
  expect(room.reserve(b)).toBe(false);
  room.come(b);
  room.come(a);
  expect(inside).toEqual(['a']);
});
