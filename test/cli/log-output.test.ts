import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LogOutput, type LostLines } from '../../src/cli/log-output.ts';

const lossLine = ({ count, reason }: LostLines) => `${count} lost: ${reason}`;

/** A pipe that takes no more when it is full. */
function pipe(): { fd: number; drain: () => string } {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-log-'));
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  onTestFinished(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });
  const drain = () => {
    const buffer = Buffer.alloc(1 << 20);
    let text = '';
    for (;;) {
      try {
        text += buffer.toString('utf8', 0, readSync(fd, buffer));
      } catch {
        return text;
      }
    }
  };
  return { fd, drain };
}

test('lines that there is no room for are left out, and one line says how many when there is room', () => {
  const { fd, drain } = pipe();
  let lost = 0;
  const onLost = (lines: number) => {
    lost += lines;
  };
  const output = new LogOutput({ fd, lossLine, onLost });
  const written = 3000;
  for (let line = 0; line < written; line++) output.write(`{"line":${line},"text":"${'x'.repeat(60)}"}\n`);
  const before = drain().split('\n');
  output.write('{"line":"after"}\n');
  const [told, after, ...rest] = drain().split('\n');
  expect(rest).toEqual(['']);
  expect(after).toBe('{"line":"after"}');
  const whole = before.slice(0, -1).map((line) => (JSON.parse(line) as { line: number }).line);
  expect(whole).toEqual(Array.from(whole.keys()));
  expect(lost).toBe(written - whole.length);
  expect(told).toMatch(new RegExp(`^${lost} lost: EAGAIN`));
});

test('a full disk takes no line, and no line fails', () => {
  const fd = openSync('/dev/full', 'w');
  onTestFinished(() => closeSync(fd));
  const lost: number[] = [];
  const output = new LogOutput({ fd, lossLine, onLost: (lines) => lost.push(lines) });
  output.write('{"a":1}\n');
  output.write('{"b":2}\n{"c":3}\n');
  expect(lost).toEqual([1, 2]);
});
