import { describe, expect, it } from 'vitest';
import type { ConnectorConfig } from '../../../src/config/connector-config.ts';
import { TAP_LIMITS } from '../../../src/runtime/tap/row-tap.ts';
import { RowTaps } from '../../../src/runtime/tap/row-taps.ts';
import type { Tapped, TapRequest } from '../../../src/runtime/tap/tap-messages.ts';
import { batchOf } from '../../../src/testing/batch-of.ts';

const ALL: TapRequest = { stage: null, where: null };

/** Who looks at the rows of a feed with the stages parse, check and route. */
function tapsOf({ includesValues = true, taskCount = 1, hide = (text: string) => text } = {}) {
  const told: Tapped[] = [];
  const taps = new RowTaps((one) => told.push(one));
  const config = {
    parser: { label: 'parse' },
    transformations: [{ label: 'check' }, { label: 'route' }],
    errors: { includesValues },
  } as unknown as ConnectorConfig;
  const tap = taps.of(config, { taskId: 0, taskCount }, () => hide);
  const open = (id: number, request: TapRequest) => taps.take({ type: 'tap', id, request });
  const close = (id: number) => taps.take({ type: 'untap', id });
  /** All that was told, once all of it is. */
  const all = () => {
    taps.tellRest();
    return {
      values: told.flatMap(({ records }) => records.map((record) => JSON.parse(record).value)),
      rows: told.reduce((sum, { rows }) => sum + rows, 0),
      passedOver: told.reduce((sum, { passedOver }) => sum + passedOver, 0),
      mistakes: told.flatMap(({ mistake }) => mistake ?? []),
    };
  };
  return { tap, open, close, all, told };
}

const rows = (count: number, value = 'x') =>
  Array.from({ length: count }, (_, index) => ({ n: `${index + 1}`, value }));

describe('a tap of rows', () => {
  it('is open as long as somebody looks', () => {
    const { tap, open, close } = tapsOf();
    expect(tap.isOpen).toBe(false);
    open(1, ALL);
    open(2, ALL);
    close(1);
    expect(tap.isOpen).toBe(true);
    close(2);
    expect(tap.isOpen).toBe(false);
  });

  it('shows records behind the stage that was asked for, behind the last one without', () => {
    const { tap, open, told } = tapsOf();
    open(1, { ...ALL, stage: 'parse' });
    open(2, ALL);
    tap.look(batchOf(rows(1)), 0);
    tap.look(batchOf(rows(1)), 1);
    expect(told.map(({ id }) => id)).toEqual([1]);
    tap.look(batchOf(rows(1)), 2);
    expect(told.map(({ id }) => id)).toEqual([1, 2]);
  });

  it('leaves rows as they are: what is cells stays cells', () => {
    const { tap, open, all } = tapsOf();
    open(1, ALL);
    const batch = batchOf(rows(3));
    const before = [0, 1, 2].map((index) => batch.isCells(index));
    batch.filter(1);
    tap.look(batch, 2);
    expect([0, 2].map((index) => batch.isCells(index))).toEqual([before[0], before[2]]);
    expect(all()).toMatchObject({ values: [{ n: '1' }, { n: '3' }], rows: 2, passedOver: 0 });
  });

  it('takes no more than its share of a second, spread over the rows, and counts what it passes over', () => {
    const { tap, open, all } = tapsOf();
    open(1, ALL);
    tap.look(batchOf(rows(1_000)), 2);
    tap.look(batchOf(rows(1_000)), 2);
    const { values, rows: seen, passedOver } = all();
    expect(seen).toBe(2_000);
    expect(values.length).toBeLessThanOrEqual(TAP_LIMITS.records);
    expect(passedOver).toBe(2_000 - values.length);
    expect(Number(values[1]?.n) - Number(values[0]?.n)).toBe(10);
  });

  it('shares its limits among the tasks of the feed', () => {
    const { tap, open, all } = tapsOf({ taskCount: 50 });
    open(1, ALL);
    tap.look(batchOf(rows(1_000)), 2);
    expect(all().values.length).toBeLessThanOrEqual(2);
  });

  it('sends no more bytes than it may, and no record that is larger than that', () => {
    const { tap, open, all } = tapsOf();
    open(1, ALL);
    tap.look(batchOf(rows(2, 'x'.repeat(TAP_LIMITS.bytes))), 2);
    tap.look(batchOf(rows(10, 'x'.repeat(TAP_LIMITS.bytes / 2))), 2);
    expect(all().values.length).toBeLessThanOrEqual(2);
  });

  it('shows the records alone whose field has the value', () => {
    const { tap, open, all } = tapsOf();
    open(1, { stage: null, where: { field: 'n', text: '2' } });
    tap.look(batchOf(rows(3)), 2);
    expect(all()).toEqual({ values: [{ n: '2', value: 'x' }], rows: 3, passedOver: 0, mistakes: [] });
  });

  it('tells a field that its rows do not have, and which was meant, once', () => {
    const { tap, open, all } = tapsOf();
    open(1, { stage: null, where: { field: 'valeu', text: 'x' } });
    tap.look(batchOf(rows(3)), 2);
    tap.look(batchOf(rows(3)), 2);
    const { mistakes } = all();
    expect(mistakes).toEqual([
      expect.stringMatching(
        /^where: .* has no field "valeu": its records have n, value; did you mean "value"\?$/,
      ),
    ]);
  });

  it('shows what values are, and finds none by its value, where they are not to be shown', () => {
    const { tap, open, all } = tapsOf({ includesValues: false });
    open(1, ALL);
    open(2, { stage: null, where: { field: 'n', text: '1' } });
    tap.look(batchOf(rows(1)), 2);
    expect(all().values).toEqual([{ n: 'text of 1 character', value: 'text of 1 character' }]);
  });

  it('hides secrets that a record has', () => {
    const { tap, open, all } = tapsOf({ hide: (text) => text.replace('sesame', '[hidden]') });
    open(1, ALL);
    tap.look(batchOf(rows(1, 'sesame')), 2);
    expect(all().values).toEqual([{ n: '1', value: '[hidden]' }]);
  });
});
