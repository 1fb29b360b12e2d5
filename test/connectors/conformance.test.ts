import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, test } from 'vitest';
import directory from '../../connectors/directory/index.ts';
import local from '../../connectors/local/index.ts';
import type { SourceConnectorPlugin } from '../../src/plugin/index.ts';
import { type SourceBattery, testSourceConnector } from '../../src/testing/index.ts';
import { temporaryFolder } from './support.ts';

const FILES = [
  { path: 'a.csv', content: 'symbol,price\nBHP,45.12\nCBA,10\n' },
  { path: 'b.csv', content: 'symbol,price\n' },
  { path: 'c.csv.gz', content: 'symbol,price\nRIO,131.4\nWBC,1' },
];

/** A folder with these files, all of one age. */
function folder(): string {
  const root = temporaryFolder();
  mkdirSync(join(root, 'drop'));
  for (const { path, content } of FILES) {
    const file = join(root, 'drop', path);
    writeFileSync(file, path.endsWith('.gz') ? gzipSync(content) : content);
    utimesSync(file, 1, 1);
  }
  return root;
}

const withoutPath = FILES.map(({ content }) => ({ content }));

const BATTERIES: readonly (readonly [name: string, plugin: SourceConnectorPlugin, battery: SourceBattery])[] =
  [
    [
      'local',
      local as SourceConnectorPlugin,
      {
        options: () => {
          const root = folder();
          return { 'input.path': join(root, 'drop/*.csv{,.gz}'), 'finished.path': join(root, 'done') };
        },
        files: withoutPath,
        failing: [{ options: { 'input.path': '/no/such/folder/*.csv' }, message: '/no/such/folder' }],
        wrongOptions: [{ options: { 'on.reappear': 'never' }, message: 'on.reappear' }],
      },
    ],
    [
      'directory',
      directory as SourceConnectorPlugin,
      {
        options: () => {
          const root = folder();
          return { 'input.path': join(root, 'drop'), 'finished.path': join(root, 'done'), 'settle.ms': '0' };
        },
        files: FILES,
        watches: true,
        wrongOptions: [{ options: { 'files.order': 'colour' }, message: 'files.order' }],
      },
    ],
  ];

describe.each(BATTERIES)('%s', (_, plugin, battery) => {
  for (const { name, run } of testSourceConnector(plugin, battery)) test(name, run);
});
