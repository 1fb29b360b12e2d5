import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { bench } from '../../bench/bench.ts';
import { dataSet } from '../../bench/data/data-set.ts';
import { custom } from '../../bench/feeds/custom.ts';
import { readOptions } from '../../bench/options.ts';
import { profileTask } from '../../bench/profile/profile-task.ts';
import { render, type Section } from '../../bench/report/section.ts';
import { sizeCheck } from '../../bench/size-check.ts';
import { kcatVersion } from '../../bench/targets/kcat.ts';
import { sharedKafka } from '../support/stack.ts';

const SOURCE_COMMAND = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const TIMEOUT_MS = 90_000;
/** Started by others, as brokers of users are. */
const cluster = { ...(await sharedKafka()), watch: null };

function column(section: Section | undefined, name: string): string[] {
  const index = section?.header.indexOf(name) ?? -1;
  return section?.rows.map((row) => row[index] ?? '') ?? [];
}

test('every loader loads a feed, and the records are counted', { timeout: TIMEOUT_MS }, async () => {
  const hasKcat = (await kcatVersion()) !== null;
  const around = { cluster, main: SOURCE_COMMAND, hasKcat, tell: () => {} };
  const reads = 'cat {file} > /dev/null # {bootstrap} {topic}';
  const options = readOptions(['--feed', 'quoted', '--rows', '400', '--rounds', '1', '--compare', reads]);
  const [section] = await Array.fromAsync(bench(options, around));
  const records = column(section, 'records');
  const counted = column(section, 'loader').map((loader, index) => [loader, records[index]]);
  expect(counted).toContainEqual(['headrace', '200']);
  expect(counted).toContainEqual(['kafkajs send', '200']);
  expect(counted).toContainEqual(['cat', '0']);
  expect(counted).toHaveLength(hasKcat ? 6 : 4);
  expect(Number(records[counted.findIndex(([loader]) => loader === 'broker limit')])).toBeGreaterThanOrEqual(
    200,
  );
  expect(render(section ?? expect.fail())).toContain('| headrace ');
});

test("a profile tells where the time of the task's thread went", { timeout: TIMEOUT_MS }, async () => {
  const data = await dataSet(custom.table, 1000);
  const section = await profileTask(custom, SOURCE_COMMAND, data, cluster, () => {});
  expect(column(section, 'stage').slice(0, 5)).toEqual(['read', 'parse', 'transform', 'encode', 'send']);
});

test('memory is compared for files of two sizes', { timeout: TIMEOUT_MS }, async () => {
  const section = await sizeCheck(SOURCE_COMMAND, [1, 2], cluster);
  expect(column(section, 'rows')).toEqual(['20,000', '40,000']);
  expect(section.findings?.[0]).toMatch(/flat|does not tell/);
});
