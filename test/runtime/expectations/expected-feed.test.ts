import { describe, expect, test } from 'vitest';
import { type HandOver, handOverOf } from '../../../src/config/define/hand-over.ts';
import {
  ExpectedFeed,
  type KeptExpectation,
  type Told,
} from '../../../src/runtime/expectations/expected-feed.ts';

interface Words {
  readonly by?: string;
  readonly days?: readonly string[];
  readonly pattern?: string;
  readonly files?: number;
  readonly minRows?: number;
}

function handOver({ by = '18:00 UTC', days = [], pattern, files = 1, minRows = 0 }: Words): HandOver {
  return handOverOf({
    ...{ expectBy: by, expectDays: days, expectPattern: pattern ?? null },
    ...{ expectFiles: files, expectMinRows: minRows },
  }) as HandOver;
}

const at = (text: string) => Date.parse(`${text}:00Z`);
/** A Monday. */
const MORNING = at('2026-01-12T09:00');

/** A feed and its clock. */
class Story {
  feed: ExpectedFeed;
  readonly #words: Words;

  constructor(words: Words, kept: KeptExpectation | null = null, now = MORNING) {
    this.#words = words;
    this.feed = new ExpectedFeed(handOver(words), kept, now);
  }

  came(file: string, time: string, rows = 10): string[] {
    return this.feed.came({ file, rows, atMs: at(time) }).map(shown);
  }

  /** It is so late. */
  at(time: string): string[] {
    return this.feed.look(at(time)).map(shown);
  }

  /** The worker ends, and another knows what it wrote, and what came by the offsets. */
  again(
    time: string,
    came: readonly (readonly [file: string, time: string, rows?: number])[] = [],
  ): string[] {
    const kept = JSON.parse(JSON.stringify(this.feed.kept)) as KeptExpectation;
    this.feed = new ExpectedFeed(handOver(this.#words), kept, at(time));
    this.feed.openTo(at(time));
    const told = came.flatMap(([file, when, rows = 10]) =>
      this.feed.came({ file, rows, atMs: at(when) }, false).map(shown),
    );
    return [...told, ...this.at(time)];
  }

  states(): string[] {
    return this.feed.statuses.map(({ day, state, came, files }) => `${day} ${state} ${came}/${files}`);
  }
}

function shown({ change, day, file }: Told): string {
  return `${change} ${day.day}${file === undefined ? '' : ` ${file.file} ${file.rows}`}`;
}

describe('a file that does not come', () => {
  test('is late when its time has passed, once, and came late when it comes', () => {
    const story = new Story({});
    expect(story.at('2026-01-12T17:59')).toEqual([]);
    expect(story.states()).toEqual(['2026-01-12 WAITING 0/1']);
    expect(story.at('2026-01-12T18:00')).toEqual(['late 2026-01-12']);
    expect(story.at('2026-01-12T18:01')).toEqual([]);
    expect(story.feed.missing).toBe(1);
    expect(story.came('a.csv', '2026-01-12T20:13')).toEqual(['cameLate 2026-01-12']);
    expect(story.feed.missing).toBe(0);
    expect(story.states()).toEqual(['2026-01-12 CAME 1/1', '2026-01-13 WAITING 0/1']);
    expect(story.at('2026-01-13T18:00')).toEqual(['late 2026-01-13']);
  });

  test('is nobody’s fault before the feed was first looked after', () => {
    const story = new Story({}, null, at('2026-01-12T18:30'));
    expect(story.at('2026-01-12T18:30')).toEqual([]);
    expect(story.feed.missing).toBe(0);
    expect(story.states()).toEqual(['2026-01-13 WAITING 0/1']);
  });

  test('came when all that are expected are there', () => {
    const story = new Story({ files: 2 });
    expect(story.came('a.csv', '2026-01-12T10:00')).toEqual([]);
    expect(story.came('a.csv', '2026-01-12T11:00')).toEqual([]);
    expect(story.came('b.csv', '2026-01-12T11:00')).toEqual(['came 2026-01-12']);
    expect(story.came('c.csv', '2026-01-12T11:00')).toEqual([]);
    expect(story.at('2026-01-12T18:00')).toEqual([]);
    expect(story.came('c.csv', '2026-01-13T11:00')).toEqual([]);
    expect(story.at('2026-01-13T18:00')).toEqual(['late 2026-01-13']);
    expect(story.feed.missing).toBe(1);
  });

  test('is not late on days of which nothing is expected', () => {
    const story = new Story({ days: ['Mon', 'Wed'] });
    expect(story.came('a.csv', '2026-01-12T10:00')).toEqual(['came 2026-01-12']);
    expect(story.at('2026-01-13T20:00')).toEqual([]);
    expect(story.at('2026-01-14T17:59')).toEqual([]);
    expect(story.at('2026-01-14T18:00')).toEqual(['late 2026-01-14']);
  });
});

describe('which day a file is of', () => {
  test('without a date in its name it is of the day on which it comes, until the next expected one begins', () => {
    const story = new Story({ days: ['Mon-Fri'] }, null, at('2026-01-09T09:00'));
    expect(story.at('2026-01-09T18:00')).toEqual(['late 2026-01-09']);
    expect(story.came('a.csv', '2026-01-11T23:59')).toEqual(['cameLate 2026-01-09']);
    expect(story.came('b.csv', '2026-01-12T00:00')).toEqual(['came 2026-01-12']);
  });

  test('with a date in its name it is of that day, whenever it comes', () => {
    const story = new Story({ pattern: 'trades-{yyyy}{MM}{dd}.csv' });
    expect(story.came('trades-20260113.csv', '2026-01-12T10:00')).toEqual([]);
    expect(story.at('2026-01-12T18:00')).toEqual(['late 2026-01-12']);
    expect(story.came('trades-20260113.csv', '2026-01-12T19:00')).toEqual(['came 2026-01-13']);
    expect(story.at('2026-01-13T18:00')).toEqual([]);
    expect(story.feed.missing).toBe(0);
    expect(story.came('2026/trades-20260112.csv', '2026-01-14T08:00')).toEqual(['cameLate 2026-01-12']);
  });

  test('one that does not match, or whose day is not named whole, is looked at by its time too', () => {
    const story = new Story({ pattern: '{yyyy}-{MM}/*.csv' });
    expect(story.came('2025-12/a.csv', '2026-01-12T10:00')).toEqual([]);
    expect(story.came('2026-01/a.csv', '2026-01-11T10:00')).toEqual([]);
    expect(story.came('2026-01/a.csv', '2026-01-12T10:00')).toEqual(['came 2026-01-12']);
  });

  test('late days are remembered for a week of them', () => {
    const story = new Story({ pattern: '{yyyy}{MM}{dd}.csv' });
    for (let day = 12; day < 26; day++) story.at(`2026-01-${day}T18:00`);
    expect(story.states()).toHaveLength(9);
    expect(story.came('20260112.csv', '2026-01-25T19:00')).toEqual([]);
    expect(story.came('20260120.csv', '2026-01-25T19:00')).toEqual(['cameLate 2026-01-20']);
    expect(story.feed.missing).toBe(1);
  });
});

describe('a file that is too small', () => {
  test('is told once when it comes, and does not count', () => {
    const story = new Story({ minRows: 100 });
    expect(story.came('a.csv', '2026-01-12T10:00', 99)).toEqual(['tooSmall 2026-01-12 a.csv 99']);
    expect(story.came('a.csv', '2026-01-12T10:01', 99)).toEqual([]);
    expect(story.states()).toEqual(['2026-01-12 TOO_SMALL 0/1']);
    expect(story.at('2026-01-12T18:00')).toEqual(['late 2026-01-12']);
    expect(story.came('a.csv', '2026-01-12T18:10', 100)).toEqual(['cameLate 2026-01-12']);
    expect(story.feed.statuses[0]).toMatchObject({ tooSmall: [], cameFiles: [{ file: 'a.csv', rows: 100 }] });
  });
});

describe('after a restart', () => {
  test('what was told is not told again, and what came is known', () => {
    const story = new Story({ minRows: 5 });
    story.came('small.csv', '2026-01-12T10:00', 1);
    story.at('2026-01-12T18:00');
    expect(story.again('2026-01-12T18:30', [['small.csv', '2026-01-12T10:00', 1]])).toEqual([]);
    expect(story.states()).toEqual(['2026-01-12 LATE 0/1', '2026-01-13 WAITING 0/1']);
    expect(story.came('a.csv', '2026-01-12T18:40')).toEqual(['cameLate 2026-01-12']);
    expect(story.again('2026-01-12T18:50', [['a.csv', '2026-01-12T18:40']])).toEqual([]);
    expect(story.states()).toEqual(['2026-01-12 CAME 1/1', '2026-01-13 WAITING 0/1']);
  });

  test('what fell into the time when no worker ran is told, once for each day of two weeks', () => {
    const story = new Story({});
    expect(story.again('2026-01-14T12:00')).toEqual(['late 2026-01-12', 'late 2026-01-13']);
    expect(story.again('2026-01-14T12:30')).toEqual([]);
    expect(story.again('2026-03-14T12:00')).toHaveLength(13);
  });

  test('a file that came in time is not late, though nobody looked', () => {
    const story = new Story({});
    expect(story.again('2026-01-12T19:00', [['a.csv', '2026-01-12T17:59']])).toEqual([]);
    expect(story.states()).toEqual(['2026-01-12 CAME 1/1', '2026-01-13 WAITING 0/1']);
  });

  test('nor is one that came in time and whose offset is forgotten', () => {
    const story = new Story({ pattern: '{yyyy}{MM}{dd}.csv' });
    story.came('20260112.csv', '2026-01-12T10:00');
    expect(story.again('2026-01-12T19:00')).toEqual([]);
    expect(story.feed.missing).toBe(0);
  });

  test('one that came after its time, and before anybody looked, came late', () => {
    const story = new Story({});
    expect(story.again('2026-01-12T19:00', [['a.csv', '2026-01-12T18:30']])).toEqual(['cameLate 2026-01-12']);
    expect(story.again('2026-01-12T19:30', [['a.csv', '2026-01-12T18:30']])).toEqual([]);
  });

  test('one that came too small while nobody could tell is told', () => {
    const story = new Story({ minRows: 5 });
    expect(story.again('2026-01-12T12:00', [['a.csv', '2026-01-12T11:00', 1]])).toEqual([
      'tooSmall 2026-01-12 a.csv 1',
    ]);
  });

  test('a clock that was set back tells nothing twice', () => {
    const story = new Story({});
    story.at('2026-01-12T18:00');
    expect(story.again('2026-01-12T10:00')).toEqual([]);
    expect(story.at('2026-01-12T18:00')).toEqual([]);
  });
});
