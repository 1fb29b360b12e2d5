import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { type GcsBucket, gcsServes, newGcsBucket } from '../support/gcs.ts';

describe.runIf(await gcsServes())('the server of Google Cloud Storage', () => {
  let gcs: GcsBucket;

  beforeAll(async () => {
    gcs = await newGcsBucket();
  });

  test('gives back what was put into it, under odd names too', async () => {
    const names = ['a/b.csv', 'ä ö+%20?.csv', 'a/b c&d=e#.csv'];
    for (const name of names) await gcs.put(name, `content of ${name}`);

    expect(await gcs.list()).toEqual(expect.arrayContaining(names));
    for (const name of names) expect(String(await gcs.read(name))).toBe(`content of ${name}`);

    await gcs.remove('a/b.csv');
    expect(await gcs.list()).not.toContain('a/b.csv');
  });

  test('reads from a place on in one generation, which is gone once there is another', async () => {
    await gcs.put('v.csv', '0123456789');
    const [{ generation }] = await gcs.bucket.file('v.csv').getMetadata();
    const file = gcs.bucket.file('v.csv', { generation: generation as string });
    const readFrom = () => text(file.createReadStream({ start: 3, validation: false }));
    expect(await readFrom()).toBe('3456789');

    await gcs.put('v.csv', 'another version');

    await expect(readFrom()).rejects.toMatchObject({ code: 404 });
  });

  test('takes an upload by parts, unless its condition does not hold', async () => {
    const file = gcs.bucket.file('parts.csv');
    const onlyNew = { resumable: true, preconditionOpts: { ifGenerationMatch: 0 } };
    await file.save(Buffer.alloc(1_000_000, 'x'), onlyNew);

    await expect(file.save('y', onlyNew)).rejects.toMatchObject({ code: 412 });

    expect(await gcs.read('parts.csv')).toHaveLength(1_000_000);
  });

  test('lists in pages that go on where the last one ended', async () => {
    const { bucket, put } = await newGcsBucket('pages');
    for (const name of ['1', '2', '3']) await put(name, name);

    const [first, next] = await bucket.getFiles({ maxResults: 2, autoPaginate: false });
    expect(first.map(({ name }) => name)).toEqual(['1', '2']);
    const [second] = await bucket.getFiles(next as object);
    expect(second.map(({ name }) => name)).toEqual(['3']);
  });
});
