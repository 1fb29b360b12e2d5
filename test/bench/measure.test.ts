import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BenchError } from '../../bench/bench-error.ts';
import { instructionsIn } from '../../bench/measure/instructions.ts';
import { measure } from '../../bench/measure/measure.ts';
import { median } from '../../bench/measure/median.ts';

const BUSY =
  'const sum = () => { const { user, system } = process.cpuUsage(); return user + system; }; while (sum() < 200000);';

test('the CPU time of a command counts all processes that it waited for', async () => {
  const { cpuMs } = await measure(['sh', '-c', `"${process.execPath}" -e "${BUSY}" | cat`]);
  expect(cpuMs).toBeGreaterThanOrEqual(200);
});

test('instructions are counted with all processes of a command, or told to be not', async () => {
  const { instructions } = await measure(['sh', '-c', `"${process.execPath}" -e "${BUSY}" | cat`]);
  expect(instructions ?? Number.POSITIVE_INFINITY).toBeGreaterThan(1e6);
});

test.each([
  ['152316214,,instructions:u,181021833,100.00,,\n', 152_316_214],
  ['<not supported>,,instructions:u,0,100.00,,\n', null],
  ['<not counted>,,instructions:u,0,0.00,,\n', null],
  ['', null],
])('perf says %j where it counted %j instructions', (text, instructions) => {
  expect(instructionsIn(text)).toBe(instructions);
});

test.runIf(existsSync('/proc/self/status'))('the peak of memory is that of the command', async () => {
  const { peakRssBytes } = await measure([process.execPath, '-e', `Buffer.alloc(2e8, 1); ${BUSY}`]);
  expect(peakRssBytes).toBeGreaterThan(2e8);
  expect(peakRssBytes).toBeLessThan(6e8);
});

test('what a command writes is kept', async () => {
  const { stdout, stderr } = await measure(['sh', '-c', 'echo out; echo err >&2']);
  expect({ stdout, stderr }).toEqual({ stdout: 'out\n', stderr: 'err\n' });
});

test('a command that fails is an error with its last words', async () => {
  const failure = await measure(['sh', '-c', 'echo no such topic >&2; exit 3']).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(BenchError);
  expect((failure as BenchError).message).toMatch(/exit code 3:\nno such topic$/);
});

test('a command that says it is lost is not waited for', async () => {
  const lost = measure(['sh', '-c', 'echo FAILED >&2; exec sleep 60'], (line) => line === 'FAILED');
  await expect(lost).rejects.toThrow(BenchError);
});

test('a median is the middle one, or the mean of two', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});
