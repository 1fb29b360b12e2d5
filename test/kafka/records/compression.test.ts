import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readToEnd } from '../../../src/kafka/reader/topic-reader.ts';
import { lazyLibrary } from '../../../src/kafka/records/compression/library.ts';
import {
  type CompressionCodec,
  codecAttribute,
  compress,
  decompress,
  prepareCodec,
} from '../../../src/kafka/records/compression.ts';
import { RecordBatchBuilder } from '../../../src/kafka/records/record-batch.ts';
import { allocate, release } from '../../../src/rows/index.ts';
import { bootstrapServers, newTopic, startProducer, testClient, uniqueName } from '../support.ts';

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const satisfies CompressionCodec[];
const PACKED = CODECS.filter((codec) => codec !== 'none');

/** kcat is librdkafka at the command line; few machines have it, and `npm test` must not need it. */
const isKcatInstalled = spawnSync('kcat', ['-V']).status === 0;

/** Long enough for several blocks of each format, with a value that no codec can make shorter. */
const ROWS: readonly string[] = Array.from({ length: 3000 }, (_, i) =>
  i === 1500
    ? noise(100_000)
    : `{"symbol":"S${i % 250}","price":"${(i * 7919) % 1000}.25","trade_id":"T${i}"}`,
);

/** Printable and without a pattern, the same in every run. */
function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48271) % 0x7fffffff;
    return String.fromCharCode(48 + (state % 64));
  }).join('');
}

async function produce(topic: string, compression: CompressionCodec): Promise<void> {
  const batch = new RecordBatchBuilder(undefined, allocate);
  for (const row of ROWS) batch.append({ key: null, value: Buffer.from(row), timestamp: 1_700_000_000_000 });
  const producer = await startProducer({ compression });
  producer.begin();
  await producer.send([{ topic, partition: 0, batch }]);
  await producer.commit();
}

async function valuesOf(topic: string): Promise<string[]> {
  const values: string[] = [];
  await readToEnd(testClient(), topic, ({ value }) => values.push(String(value)));
  return values;
}

const roundTrip = (codec: CompressionCodec, bytes: Uint8Array): Buffer =>
  decompress(codecAttribute(codec), compress(codec, Buffer.from(bytes)));

/** The same where kernels reach the bytes. */
function roundTripByKernel(codec: CompressionCodec, bytes: Uint8Array): Buffer {
  const block = allocate(bytes.length);
  block.set(bytes);
  const packed = compress(codec, block.subarray(0, bytes.length));
  release(block);
  return decompress(codecAttribute(codec), packed);
}

/** Texts that come again at any distance, with noise between. */
const texts = fc
  .array(
    fc.oneof(fc.constantFrom('"symbol":"', '"price":', 'abcdefgh', 'ab'), fc.string({ maxLength: 40 })),
    {
      maxLength: 60,
    },
  )
  .chain((parts) => fc.array(fc.constantFrom('', ...parts), { maxLength: 4000 }))
  .map((parts) => Buffer.from(parts.join('')));

/** Repeats and noise, of sizes on both sides of the blocks that the formats are made of. */
const records = fc
  .tuple(
    fc.uint8Array({ minLength: 1, maxLength: 300 }),
    fc.oneof(fc.nat(2000), fc.integer({ min: 60_000, max: 200_000 })),
  )
  .map(([pattern, length]) => Buffer.alloc(length, pattern));

it("loads a codec's library with its first use and not before", () => {
  const loaded = () =>
    ['snappy', 'lz4-napi'].filter((name) =>
      Object.keys(createRequire(import.meta.url).cache).some((path) =>
        path.replaceAll('\\', '/').includes(`/node_modules/${name}/`),
      ),
    );
  for (const codec of ['none', 'gzip', 'zstd'] as const) prepareCodec(codec);
  expect(loaded()).toEqual([]);
  prepareCodec('lz4');
  expect(loaded()).toEqual(['lz4-napi']);
  roundTrip('snappy', Buffer.from('abc'));
  expect(loaded()).toEqual(['snappy', 'lz4-napi']);
});

it('says what to do when a library cannot be loaded', () => {
  expect(lazyLibrary('not-installed', 'lz4')).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/"not-installed", which lz4 .+ choose gzip or zstd/s),
    }),
  );
});

describe.each(CODECS)('%s', (codec) => {
  it('gives back what it was given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 2000 }), records, texts), (bytes) => {
        expect(roundTrip(codec, bytes).equals(bytes)).toBe(true);
        expect(roundTripByKernel(codec, bytes).equals(bytes)).toBe(true);
      }),
      { numRuns: 90 },
    );
  });
});

describe.each(PACKED)('%s', (codec) => {
  it('refuses bytes that are not in its format', () => {
    const attribute = codecAttribute(codec);
    const refused = expect.objectContaining({
      code: 'TOPIC_INVALID',
      message: expect.stringContaining(codec),
    });
    const packed = compress(codec, Buffer.from(ROWS.join('')));
    expect(() => decompress(attribute, Buffer.from('what is this?'))).toThrow(refused);
    expect(() => decompress(attribute, packed.subarray(0, packed.length - 200))).toThrow(refused);
  });

  it("is shorter than what it was given, and passes Kafka's checks", async () => {
    expect(compress(codec, Buffer.from(ROWS.join(''))).length).toBeLessThan(200_000);
    const topic = await newTopic();
    await produce(topic, codec);
    expect(await valuesOf(topic)).toEqual(ROWS);
  });

  it('is unpacked by Kafka, and read as Kafka packs it', async () => {
    const other = codec === 'gzip' ? 'zstd' : 'gzip';
    const [unpacked, repacked] = await Promise.all(
      [other, codec].map((type) => newTopic({ config: { 'compression.type': type } })),
    );
    await produce(unpacked as string, codec);
    await produce(repacked as string, other);
    expect(await valuesOf(unpacked as string)).toEqual(ROWS);
    expect(await valuesOf(repacked as string)).toEqual(ROWS);
  });

  it("is read by kafkajs's consumer", async () => {
    const topic = await newTopic();
    await produce(topic, codec);
    expect(await consume(topic, codec)).toEqual(ROWS);
  });

  it.skipIf(!isKcatInstalled)('is read by librdkafka', async () => {
    const topic = await newTopic();
    await produce(topic, codec);
    const values = execFileSync('kcat', ['-C', '-q', '-e', '-b', bootstrapServers, '-t', topic], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(values.split('\n').slice(0, -1)).toEqual(ROWS);
  });

  it.skipIf(!isKcatInstalled)('is read as librdkafka writes it', async () => {
    const topic = await newTopic();
    execFileSync('kcat', ['-P', '-z', codec, '-b', bootstrapServers, '-t', topic], {
      input: `${ROWS.join('\n')}\n`,
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: 20_000,
    });
    expect(await valuesOf(topic)).toEqual(ROWS);
  });
});

describe('snappy', () => {
  const pack = () => compress('snappy', Buffer.alloc(200_000, 'abc'));

  it("has snappy-java's header and the length of the first block", () => {
    const packed = pack();
    expect(packed.subarray(0, 16).toString('hex')).toBe('82534e41505059000000000100000001');
    expect(packed.readInt32BE(16)).toBeGreaterThan(0);
  });

  it('is read without framing, as one block', () => {
    const packed = pack();
    const block = packed.subarray(20, 20 + packed.readInt32BE(16));
    expect(decompress(codecAttribute('snappy'), block)).toEqual(Buffer.alloc(64 * 1024, 'abc'));
  });
});

it('says the number of a compression that is not known', () => {
  expect(() => decompress(5, Buffer.alloc(0))).toThrow(/number 5, which Headrace cannot read/);
});

const KAFKAJS_TYPE = { gzip: 'GZIP', snappy: 'Snappy', lz4: 'LZ4', zstd: 'ZSTD' } as const;

/** The values of as many records as there are rows, read by kafkajs, which brings gzip and wants to be told the rest. */
async function consume(topic: string, codec: (typeof PACKED)[number]): Promise<string[]> {
  const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;
  if (codec !== 'gzip') {
    CompressionCodecs[CompressionTypes[KAFKAJS_TYPE[codec]]] = () => ({
      compress: async () => Promise.reject(new Error('only read here')),
      decompress: async (bytes: Buffer) => decompress(codecAttribute(codec), bytes),
    });
  }
  const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: uniqueName('group'), maxWaitTimeInMs: 100 });
  onTestFinished(() => consumer.disconnect());
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const values: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<string[]>();
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    // It starts anew by itself where that may help: a broker's first group waits for the topic of the groups' offsets.
    if (!payload.restart) reject(payload.error);
  });
  await consumer.run({
    eachMessage: async ({ message }) => {
      if (values.push(String(message.value)) === ROWS.length) resolve(values);
    },
  });
  return promise;
}
