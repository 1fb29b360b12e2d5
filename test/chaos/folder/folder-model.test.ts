import { describe, expect, it } from 'vitest';
import { FolderModel } from './folder-model.ts';

/** How often each row came under a path, the rows numbered from 1. */
function came(...counts: number[]): Map<string, Map<number, number>> {
  return new Map([['a.csv', new Map(counts.map((count, index) => [index + 1, count]))]]);
}

function folderWith(rows: number): FolderModel {
  const model = new FolderModel();
  model.put('a.csv', model.newRows(rows));
  return model;
}

const restarts = (times: number) => new Map([['a.csv', times]]);

describe('the model of a drop folder', () => {
  it('wants each row of a delivered file once', () => {
    const model = folderWith(2);
    model.delivered();
    expect(model.differences(came(1, 1), restarts(0))).toEqual([]);
    expect(model.differences(came(1, 0), restarts(0))).toEqual(['row lost: a.csv row 2']);
    expect(model.differences(came(1, 2), restarts(0))).toEqual([
      'row duplicated: a.csv row 2 came 2 times, not 1',
    ]);
    expect(model.differences(came(1, 1, 1), restarts(0))).toEqual(['row unknown: a.csv row 3']);
    expect(model.differences(came(1, 1), restarts(1))).toEqual([
      'row out of order: a.csv began anew 1 times, not 0',
    ]);
  });

  it('wants nothing of a file that went before it was delivered, and takes what came', () => {
    const model = folderWith(2);
    model.remove('a.csv');
    model.delivered();
    expect(model.differences(came(1, 0), restarts(0))).toEqual([]);
  });

  it('takes the rows that a cut left a second time, and appended ones once', () => {
    const model = folderWith(2);
    model.truncate('a.csv', 1);
    model.append('a.csv', model.newRows(1));
    model.delivered();
    expect(model.differences(came(2, 1, 1), restarts(1))).toEqual([]);
    expect(model.differences(came(2, 1, 2), restarts(1))).toHaveLength(1);
    expect(model.differences(came(2, 1, 0), restarts(1))).toHaveLength(1);
  });

  it('wants the rows of a renamed file under its new name', () => {
    const model = folderWith(1);
    model.rename('a.csv', 'b.csv');
    model.delivered();
    expect(model.differences(came(1), restarts(0))).toEqual(['row lost: b.csv row 1']);
    expect(model.differences(new Map([['b.csv', new Map([[1, 1]])]]), restarts(0))).toEqual([]);
  });
});
