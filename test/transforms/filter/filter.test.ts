import { describe, expect, it } from 'vitest';
import filter from '../../../transforms/filter/index.ts';
import { outcome } from '../connect/support.ts';

describe('Filter', () => {
  it('drops every record', async () => {
    expect(await outcome(filter, {}, { value: { a: '1' } })).toBeNull();
    expect(await outcome(filter, {}, { value: null })).toBeNull();
  });
});
