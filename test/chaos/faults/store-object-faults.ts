import { setTimeout as delay } from 'node:timers/promises';
import { delayBy, flipByteAt, readOf } from '../../support/http-faults.ts';
import { FolderTrial } from '../folder/folder-trial.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { API } from '../kafka-proxy.ts';
import { between } from '../random.ts';
import { isRemoval } from '../remote/bucket-requests.ts';
import { ChaosObjects } from '../remote/chaos-objects.ts';
import { putAway, RemoteLoad } from '../remote/remote-load.ts';
import { BUCKETS, type BucketKind, type BucketPlace, bucketPlace } from '../remote/remote-place.ts';
import { Barrier, OPEN, Strike } from '../switch-gate.ts';
import { PATIENCE_MS, reached, withPlace } from './store-kill-faults.ts';

const FILE = 'm.csv';
/** Some ranges, the first of which are small. */
const LARGE_ROWS = 200_000;
const SMALL_ROWS = 300;
/** A range is on its way for so long: what is done meanwhile takes less. */
const HELD_MS = 700;
const WAVES = 5;
const PER_WAVE = 4;
/** So many that a listing has several pages. */
const STRANGERS = 2500;
const CHANGES_MEANWHILE = 60;

type ObjectTrial = FolderTrial<ChaosObjects>;

/** What can happen to an object of which a part is read. */
const CHANGES: readonly {
  readonly name: string;
  readonly doc: string;
  readonly act: (objects: ChaosObjects) => Promise<void>;
}[] = [
  {
    name: 'replaced',
    doc: 'other content comes under the name',
    act: (objects) => objects.put(FILE, LARGE_ROWS),
  },
  {
    name: 'replaced-by-less',
    doc: 'a smaller object comes under the name',
    act: (objects) => objects.put(FILE, SMALL_ROWS),
  },
  {
    name: 'replaced-by-same',
    doc: 'the same content comes once more',
    act: (objects) => objects.putAgain(FILE),
  },
  {
    name: 'deleted',
    doc: 'it is deleted, and another one comes',
    act: async (objects) => {
      await objects.remove(FILE);
      await objects.put('b.csv', SMALL_ROWS);
    },
  },
];

/** Stores whose servers for tests remove an object on a condition; that of Google's does not know it. */
const WITH_CONDITIONAL_REMOVAL: readonly BucketKind[] = ['s3', 'azure'];

/** Stores that keep a checksum of all of an object. */
const WITH_CHECKSUM: readonly BucketKind[] = ['s3', 'gcs'];

export const STORE_OBJECT_FAULTS: readonly Fault[] = [
  ...BUCKETS.flatMap((kind) =>
    CHANGES.flatMap(({ name, doc, act }): Fault[] => [
      {
        name: `${kind}-${name}`,
        doc: `${doc} while an object is read, between two ranges`,
        play: (ground) => onObjects(ground, kind, (trial, place) => playBetween(ground, trial, place, act)),
      },
      {
        name: `${kind}-${name}-stopped`,
        doc: `${doc} while the worker is down, a part of the object being delivered`,
        play: (ground) => onObjects(ground, kind, (trial) => playStopped(ground, trial, act)),
      },
    ]),
  ),
  ...WITH_CONDITIONAL_REMOVAL.map(
    (kind): Fault => ({
      name: `${kind}-replaced-finishing`,
      doc: 'other content comes under the name of a delivered object right before that is removed',
      times: 3,
      play: (ground) =>
        onObjects(ground, kind, (trial, place) => playFinishing(ground, trial, place), { isFinished: true }),
    }),
  ),
  ...BUCKETS.map(
    (kind): Fault => ({
      name: `${kind}-late-keys`,
      doc: 'objects come in waves, in any order of their names, many of them at one time; the worker is killed now and then',
      play: (ground) => onObjects(ground, kind, (trial) => playWaves(ground, trial)),
    }),
  ),
  ...BUCKETS.map(
    (kind): Fault => ({
      name: `${kind}-listing-changes`,
      doc: 'objects come and go while a listing of several pages is under way',
      long: true,
      play: (ground) => onObjects(ground, kind, (trial, place) => playListing(ground, trial, place)),
    }),
  ),
  ...WITH_CHECKSUM.map(
    (kind): Fault => ({
      name: `${kind}-damaged`,
      doc: 'a byte is another one on its way: the file is FAILED by its checksum, never COMPLETED',
      play: (ground) => onObjects(ground, kind, (trial, place) => playDamage(ground, trial, place)),
    }),
  ),
];

async function onObjects(
  ground: Ground,
  kind: BucketKind,
  play: (trial: ObjectTrial, place: BucketPlace) => Promise<Outcome>,
  { isFinished = false } = {},
): Promise<Outcome> {
  return withPlace(await bucketPlace(kind, ground), async (place) => {
    const objects = new ChaosObjects(place, ground.random);
    const feed = isFinished ? { ...place.feed, ...place.finished } : place.feed;
    const trial = await FolderTrial.watching(ground, objects, { ...place, feed });
    try {
      return await play(trial, place);
    } finally {
      await trial.close();
      ground.gate.current = OPEN;
    }
  });
}

/** Something happens while one of the first ranges is on its way, so that it arrives after that. */
async function playBetween(
  { random }: Ground,
  trial: ObjectTrial,
  { http }: BucketPlace,
  act: (objects: ChaosObjects) => Promise<void>,
): Promise<Outcome> {
  const isOfFile = readOf(FILE);
  const wanted = 1 + Math.floor(random() * 4);
  let reads = 0;
  http.plan(delayBy(HELD_MS), (request) => isOfFile(request) && ++reads >= wanted, 3);
  await trial.folder.put(FILE, LARGE_ROWS);
  trial.start();
  await reached(() => reads >= wanted, 'reads of the file');
  await act(trial.folder);
  return await trial.finish([['before read', wanted]]);
}

async function playStopped(
  { gate }: Ground,
  trial: ObjectTrial,
  act: (objects: ChaosObjects) => Promise<void>,
): Promise<Outcome> {
  const barrier = new Barrier();
  const held = new Strike('request', API.endTxn, 3, () => barrier.wait());
  await trial.folder.put(FILE, LARGE_ROWS);
  gate.current = held;
  trial.start();
  await held.struck.promise;
  await trial.kill();
  await act(trial.folder);
  barrier.open();
  gate.current = OPEN;
  return await trial.finish();
}

async function playFinishing(
  { wishes, random }: Ground,
  trial: ObjectTrial,
  place: BucketPlace,
): Promise<Outcome> {
  const { http } = place;
  await trial.folder.put(FILE, SMALL_ROWS);
  trial.start();
  for (let time = 0; time < wishes.times; time++) {
    let removals = 0;
    http.plan(delayBy(HELD_MS), (request) => isRemoval(request) && ++removals > 0);
    await reached(() => removals > 0, 'the removal of the file');
    await delay(between(random, 0, HELD_MS / 4));
    await trial.folder.put(FILE, Math.ceil(between(random, 1, SMALL_ROWS)));
  }
  await putAway(new RemoteLoad(place));
  return await trial.finish();
}

async function playWaves({ random }: Ground, trial: ObjectTrial): Promise<Outcome> {
  trial.start();
  for (let wave = 0; wave < WAVES; wave++) {
    const names = Array.from({ length: PER_WAVE }, () => String.fromCharCode(97 + Math.floor(random() * 26)));
    const paths = names.map((name, index) => `${name}/${wave}-${index}.csv${random() < 0.3 ? '.gz' : ''}`);
    await Promise.all(paths.map((path) => trial.folder.put(path, Math.ceil(between(random, 1, SMALL_ROWS)))));
    await delay(between(random, 0, 600));
    if (random() < 0.3) {
      await trial.kill();
      trial.start();
    }
  }
  return await trial.finish();
}

async function playListing({ random }: Ground, trial: ObjectTrial, { store }: BucketPlace): Promise<Outcome> {
  const stranger = (at: number) => `drop/${String(at).padStart(5, '0')}.other`;
  for (let from = 0; from < STRANGERS; from += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, index) => store.put(stranger(from + index), 'x')));
  }
  trial.start();
  for (let change = 0; change < CHANGES_MEANWHILE; change++) {
    const at = Math.floor(random() * STRANGERS);
    const kind = random();
    if (kind < 0.5) await trial.folder.put(`${String(at).padStart(5, '0')}-${change}.csv`, SMALL_ROWS);
    else if (kind < 0.8) await store.put(`${stranger(at)}-${change}`, 'x');
    else await store.remove(stranger(at)).catch(() => {});
    await delay(between(random, 0, 100));
  }
  return await trial.finish();
}

async function playDamage({ random }: Ground, trial: ObjectTrial, { http }: BucketPlace): Promise<Outcome> {
  const position = Math.floor(between(random, 0, 200_000));
  const isOfFile = readOf(FILE);
  http.plan(flipByteAt(position), (request) => {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.range ?? '') ?? [];
    return isOfFile(request) && Number(from) === 0 && Number(to) >= position;
  });
  await trial.folder.put(FILE, LARGE_ROWS);
  const daemon = trial.start();
  const end = await daemon.waitFor(
    ({ msg }) => msg === 'file failed' || msg === 'file completed' || msg === 'task failed',
    PATIENCE_MS,
  );
  const wrong = end.msg === 'file completed' ? ['a file was completed of which a byte was another one'] : [];
  if (!String(end.error).includes('damaged')) wrong.push(`the reason is ${end.error}`);
  const code = await daemon.stop();
  if (code !== 0) wrong.push(`the daemon ended with code ${code} when it was told to stop`);
  return { wrong, facts: [['reason', String(end.error).slice(0, 160)]] };
}
