import { afterEach, expect, test, vi } from 'vitest';
import { terminalOf } from '../../src/terminal/terminal.ts';

const { isTTY, columns } = process.stdout;
afterEach(() => {
  vi.unstubAllEnvs();
  Object.assign(process.stdout, { isTTY, columns });
});

function paints(isTerminal: boolean, noColor: string, wantsColor = true): boolean {
  Object.assign(process.stdout, { isTTY: isTerminal });
  vi.stubEnv('NO_COLOR', noColor);
  return terminalOf(wantsColor).paint('red', 'text') !== 'text';
}

test('colours are for terminals, and for those who want them', () => {
  expect(paints(true, '')).toBe(true);
  expect(paints(true, '1')).toBe(false);
  expect(paints(true, '', false)).toBe(false);
  expect(paints(false, '')).toBe(false);
});

test("the width is the terminal's, or what COLUMNS says where there is none", () => {
  Object.assign(process.stdout, { columns: 132 });
  expect(terminalOf(true).width).toBe(132);
  Object.assign(process.stdout, { columns: undefined });
  vi.stubEnv('COLUMNS', '72');
  expect(terminalOf(true).width).toBe(72);
  vi.stubEnv('COLUMNS', '');
  expect(terminalOf(true).width).toBe(100);
});
