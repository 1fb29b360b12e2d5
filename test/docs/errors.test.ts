import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/errors.ts';
import { page } from './markdown.ts';

test('docs/errors.md has every error code with its meaning and whether it is retried, and no others', () => {
  const rows = [
    ...page('docs/errors.md').text.matchAll(/^\| `([A-Z_]+)` +\| (yes|no) +\| (.+?) +\| (.+) \|$/gm),
  ];
  const documented = Object.fromEntries(
    rows.map(([, code, retried, meaning]) => [code, { retriable: retried === 'yes', meaning }]),
  );
  expect(documented).toEqual(ERROR_CODES);
});
