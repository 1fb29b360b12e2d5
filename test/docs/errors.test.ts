import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/errors.ts';
import { page } from './markdown.ts';

test('docs/errors.md has every error code with its meaning and whether it is retried, and no others', () => {
  const text = page('docs/errors.md').text.replaceAll(/\n {2}(?=\S)/g, ' ');
  const items = [...text.matchAll(/^- `([A-Z_]+)` \((retried|not retried)\): (.+?)\. [A-Z]/gm)];
  const documented = Object.fromEntries(
    items.map(([, code, retried, meaning]) => [code, { retriable: retried === 'retried', meaning }]),
  );
  expect(documented).toEqual(ERROR_CODES);
});
