import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseConfigText } from '../../src/config/read/config-file.ts';
import { offlineWorker } from '../../src/dry-run/offline-worker.ts';
import { fileKind } from '../../src/preview/file-kind.ts';
import { firstFile, namedFile } from '../../src/preview/first-file.ts';
import { saveNew } from '../../src/preview/save-new.ts';
import { feedOf } from '../../src/runtime/worker/feed.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'headrace-preview-')));
afterAll(() => rmSync(folder, { recursive: true }));

function put(name: string, text: string, age = 0): void {
  writeFileSync(join(folder, name), text);
  utimesSync(join(folder, name), 1_000_000 - age, 1_000_000 - age);
}

async function feed(lines: string) {
  const text = `name: f\n${lines}\ntransforms: parse,route\ntransforms.parse.type: csv\ntransforms.route: {type: route, topic: t}\n`;
  const { config } = parseConfigText(text, { source: 'feed.yaml', folder });
  return (await feedOf(config, await offlineWorker(null, {}))).config;
}

describe('the first file of a feed', () => {
  test('is the oldest one in the folder that matches, and not one that was put away', async () => {
    mkdirSync(join(folder, 'drop/done'), { recursive: true });
    put('drop/new.csv', '');
    put('drop/old.csv', '', 100);
    put('drop/older.txt', '', 200);
    put('drop/done/oldest.csv', '', 300);
    const config = await feed(
      'connector.class: directory\ninput.path: ./drop\ninput.file.pattern: "*.csv"\nfinished.path: ./drop/done',
    );
    expect(await firstFile(config)).toMatchObject({
      path: 'old.csv',
      absolute: join(folder, 'drop/old.csv'),
    });
  });

  test('is the first of a glob', async () => {
    put('b.tsv', '');
    put('a.tsv', '');
    const config = await feed('connector.class: local\ninput.path: ./*.tsv');
    expect((await firstFile(config)).absolute).toBe(join(folder, 'a.tsv'));
  });

  test('is asked for when there is none', async () => {
    const empty = await feed('connector.class: directory\ninput.path: ./drop\ninput.file.pattern: "*.xml"');
    await expect(firstFile(empty)).rejects.toThrow(
      /^no file in .*drop matches \*\.xml; name a file: headrace preview FEED FILE$/,
    );
    const missing = await feed('connector.class: directory\ninput.path: ./nowhere');
    await expect(firstFile(missing)).rejects.toThrow('nowhere is not there');
  });
});

test('a file that is named goes by the path that the feed would know it under', async () => {
  const config = await feed('connector.class: directory\ninput.path: ./drop');
  expect((await namedFile(join(folder, 'drop/asx/a.csv'), config)).path).toBe('asx/a.csv');
  expect((await namedFile(join(folder, 'elsewhere/a.csv'), config)).path).toBe('a.csv');
  const local = await feed('connector.class: local\ninput.path: ./drop/*.csv');
  expect((await namedFile(join(folder, 'drop/a.csv'), local)).path).toBe(join(folder, 'drop/a.csv'));
});

test('a feed is told from rows by its name, and else by what is in it', () => {
  put('feed', 'name: f\nconnector.class: local\n');
  put('worker.yaml', 'bootstrap.servers: a:1\n');
  put('rows', 'a,b\n1,2\n');
  put('broken.yaml', 'name: [\n');
  put('list.json', '[\n  {"a": 1}\n]\n');
  put('lines.json', '{"a": {"b": 1}}\n{"a": {"b": 2}}\n');
  put('one.json', '{"name": "f", "topics": 1}\n');
  const kindOf = (name: string) => fileKind(join(folder, name));
  expect(kindOf('feed')).toEqual({ kind: 'feed', certain: true });
  expect(kindOf('worker.yaml')).toEqual({ kind: 'worker', certain: true });
  expect(kindOf('broken.yaml')).toEqual({ kind: 'feed', certain: true });
  expect(kindOf('list.json')).toEqual({ kind: 'rows', certain: true });
  expect(kindOf('lines.json')).toEqual({ kind: 'rows', certain: true });
  expect(kindOf('one.json')).toEqual({ kind: 'feed', certain: true });
  expect(kindOf('not-there.json')).toEqual({ kind: 'feed', certain: true });
  expect(kindOf('a.tsv')).toEqual({ kind: 'rows', certain: true });
  expect(kindOf('rows')).toEqual({ kind: 'rows', certain: false });
});

test('a feed is saved to a new file only', () => {
  const path = join(folder, 'saved.yaml');
  saveNew(path, 'name: f\n');
  expect(() => saveNew(path, 'name: g\n')).toThrow('is there already and is not overwritten');
  expect(() => saveNew(join(folder, 'no/such.yaml'), '')).toThrow('cannot be written');
});
