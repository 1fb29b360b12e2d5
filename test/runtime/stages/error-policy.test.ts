import { describe, expect, it } from 'vitest';
import { ErrorPolicy } from '../../../src/runtime/stages/error-policy.ts';
import { numberedBatch, REJECTION } from '../support.ts';

const batch = numberedBatch(3);

describe('errors.tolerance: none', () => {
  it('stops at the first bad row and says which, why and what to do', () => {
    const policy = new ErrorPolicy({ tolerance: 'none', max: null, includesValues: true });
    expect(() => policy.admit(batch, 1, REJECTION, { rows: 2, rejected: 1 })).toThrow(
      'rows.csv: row 2 (line 2): price: expected a double, got "abc". Mend the row, or set errors.tolerance: all ' +
        'with a dead-letter queue (errors.deadletterqueue.topic.name) to go on without it.',
    );
  });
});

describe('errors.max as a number', () => {
  const policy = new ErrorPolicy({
    tolerance: 'all',
    max: { kind: 'count', count: 2 },
    includesValues: true,
  });

  it('allows that many bad rows in a file', () => {
    expect(() => policy.admit(batch, 1, REJECTION, { rows: 2, rejected: 2 })).not.toThrow();
  });

  it('gives the file up at the next one', () => {
    expect(() => policy.admit(batch, 2, REJECTION, { rows: 3, rejected: 3 })).toThrow(
      'rows.csv: 3 of 3 rows are rejected, errors.max allows 2; row 3 (line 3): price: expected a double, got "abc". ' +
        'Mend the file or raise errors.max.',
    );
  });
});

describe('errors.max as a share', () => {
  const policy = new ErrorPolicy({
    tolerance: 'all',
    max: { kind: 'share', share: 0.01 },
    includesValues: true,
  });

  it.each([
    { rows: 1, rejected: 1, allowed: true },
    { rows: 900, rejected: 10, allowed: true },
    { rows: 900, rejected: 11, allowed: false },
    { rows: 10_000, rejected: 100, allowed: true },
    { rows: 10_000, rejected: 101, allowed: false },
  ])(
    'is measured against at least 1000 rows while a file is read: $rejected of $rows',
    ({ allowed, ...standing }) => {
      const admit = () => policy.admit(batch, 0, REJECTION, standing);
      if (allowed) expect(admit).not.toThrow();
      else expect(admit).toThrow('errors.max allows 1%');
    },
  );

  it('is measured against all rows at the end of the file', () => {
    expect(() => policy.admitFile(batch.file, { rows: 900, rejected: 9 })).not.toThrow();
    expect(() => policy.admitFile(batch.file, { rows: 900, rejected: 10 })).toThrow(
      '10 of 900 rows are rejected',
    );
  });
});
