import { describe, expect, it } from 'vitest';
import filter from '../../../transforms/connect/filter.ts';
import { outcome } from './shared/support.ts';

describe('Filter', () => {
  it('drops every record', async () => {
    expect(await outcome(filter, {}, { value: { a: '1' } })).toBeNull();
    expect(await outcome(filter, {}, { value: null })).toBeNull();
  });
});
