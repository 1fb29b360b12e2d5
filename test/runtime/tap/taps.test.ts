import { describe, expect, it } from 'vitest';
import type { TapCommand } from '../../../src/runtime/tap/tap-messages.ts';
import { Taps } from '../../../src/runtime/tap/taps.ts';

const ALL = { stage: null, where: null };

/** A thread of a connector that writes down what it is told. */
function thread(connector: string) {
  const told: TapCommand[] = [];
  return { connector, told, tell: (command: TapCommand) => void told.push(command) };
}

describe('the taps of a worker', () => {
  it('are told to the threads of their connector, to those that open later too', () => {
    const taps = new Taps();
    const [first, later, other] = [thread('trades'), thread('trades'), thread('quotes')];
    for (const one of [first, other]) taps.join(one);
    const close = taps.open('trades', ALL, () => {});
    taps.join(later);
    close();
    const all = [
      { type: 'tap', id: 0, request: ALL },
      { type: 'untap', id: 0 },
    ];
    expect([first.told, later.told, other.told]).toEqual([all, all, []]);
  });

  it('are told to no thread that has ended, nor to any once they are closed', () => {
    const taps = new Taps();
    const [ended, later] = [thread('trades'), thread('trades')];
    taps.join(ended)();
    taps.open('trades', ALL, () => {})();
    taps.join(later);
    expect([ended.told, later.told]).toEqual([[], []]);
  });

  it('are told what threads say as long as they are open', () => {
    const taps = new Taps();
    const told: number[] = [];
    const close = taps.open('trades', ALL, ({ rows }) => told.push(rows));
    const said = { type: 'tapped', id: 0, records: [], passedOver: 0, mistake: null } as const;
    taps.told({ ...said, rows: 1 });
    close();
    taps.told({ ...said, rows: 2 });
    expect(told).toEqual([1]);
  });
});
