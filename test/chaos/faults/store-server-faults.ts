import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../../src/testing/seeded-random.ts';
import {
  delayBy,
  type HttpFault,
  IGNORE_RANGE,
  isListing,
  type Match,
  resetAfter,
  type SeenRequest,
  SILENCE,
  shortBody,
  stallAfter,
} from '../../support/http-faults.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { between } from '../random.ts';
import { ANSWERS, isAbout, isRead } from '../remote/bucket-requests.ts';
import { endWell } from '../remote/end-well.ts';
import { RemoteLoad } from '../remote/remote-load.ts';
import {
  BUCKETS,
  type BucketPlace,
  bucketPlace,
  type RemotePlace,
  remotePlace,
  STORES,
} from '../remote/remote-place.ts';
import { Trial } from '../trial.ts';
import { PATIENCE_MS, withPlace } from './store-kill-faults.ts';

const ROWS = 60_000;
const FILES = 5;
const TASKS = 2;
/** Within the first ranges that are asked for. */
const MOST_BYTES = 400_000;
/** The part of all requests that meets no fault. */
const SPARED = 0.4;
const FOR_A_WHILE_MS = 3000;
const AWAY_MS = 3000;
const LONG_AWAY_MS = 60_000;

/** What a server does, request by request. */
interface Trouble {
  readonly name: string;
  readonly doc: string;
  readonly long?: boolean;
  readonly begin: (storm: Storm) => void;
}

const TROUBLES: readonly Trouble[] = [
  {
    name: 'busy',
    doc: 'a storm of answers 503',
    begin: (storm) =>
      storm.blow(
        40,
        ({ answers }) => answers.busy,
        () => true,
      ),
  },
  {
    name: 'resets',
    doc: 'connections are reset after so many bytes',
    begin: (storm) => storm.blow(12, ({ bytes }) => resetAfter(bytes()), isRead),
  },
  {
    name: 'short-bodies',
    doc: 'answers end too soon, in good order',
    begin: (storm) => storm.blow(12, ({ bytes }) => shortBody(bytes()), isRead),
  },
  {
    name: 'stalls',
    doc: 'answers stop in the middle, or never begin, and the connection stays',
    long: true,
    begin: (storm) => {
      storm.blow(2, ({ bytes }) => stallAfter(bytes()), isRead);
      storm.blow(1, () => SILENCE, isRead);
    },
  },
  {
    name: 'range-ignored',
    doc: 'the whole file comes where a part was asked for',
    begin: (storm) => storm.blow(4, () => IGNORE_RANGE, isRead),
  },
  {
    name: 'forbidden',
    doc: 'one file is forbidden for a while',
    begin: (storm) => storm.blowAWhile(({ answers }) => answers.forbidden),
  },
  {
    name: 'not-there-yet',
    doc: 'one file is listed, and for a while not there when it is asked for',
    begin: (storm) => storm.blowAWhile(({ answers }) => answers.notThere),
  },
  {
    name: 'expired',
    doc: 'credentials have expired: once at a listing, once at a read, once somewhere',
    begin: (storm) => {
      storm.blow(1, ({ answers }) => answers.expired, isRead);
      storm.blow(1, ({ answers }) => answers.expired, isListing);
      storm.blow(
        1,
        ({ answers }) => answers.expired,
        () => true,
      );
    },
  },
  {
    name: 'late-answers',
    doc: 'answers come late, by chance',
    begin: (storm) =>
      storm.blow(
        40,
        ({ random }) => delayBy(between(random, 0, 600)),
        () => true,
      ),
  },
  {
    name: 'everything',
    doc: 'all of this in random order',
    begin: (storm) => {
      for (let gust = 0; gust < 15; gust++) {
        storm.blow(
          1,
          ({ answers }) => answers.busy,
          () => true,
        );
        storm.blow(
          1,
          ({ bytes }) => resetAfter(bytes()),
          () => true,
        );
        storm.blow(1, ({ bytes }) => shortBody(bytes()), isRead);
        storm.blow(
          1,
          ({ random }) => delayBy(between(random, 0, 300)),
          () => true,
        );
      }
      storm.blow(1, () => IGNORE_RANGE, isRead);
      storm.blow(
        1,
        ({ answers }) => answers.expired,
        () => true,
      );
    },
  },
];

export const STORE_SERVER_FAULTS: readonly Fault[] = [
  ...BUCKETS.flatMap((kind) =>
    TROUBLES.map(
      ({ name, doc, long = false, begin }): Fault => ({
        name: `${kind}-${name}`,
        doc,
        long,
        play: async (ground) =>
          withPlace(await bucketPlace(kind, ground), (place) => playTrouble(ground, place, begin)),
      }),
    ),
  ),
  ...STORES.flatMap((kind): Fault[] => [
    {
      name: `${kind}-cut`,
      doc: 'every connection is cut, again and again, and some are reset in the middle of an answer',
      times: 6,
      play: async (ground) => withPlace(await remotePlace(kind, ground), (place) => playCuts(ground, place)),
    },
    {
      name: `${kind}-away`,
      doc: `the server is away for ${AWAY_MS / 1000} s, and back`,
      play: async (ground) =>
        withPlace(await remotePlace(kind, ground), (place) => playAway(ground, place, AWAY_MS)),
    },
    {
      name: `${kind}-long-away`,
      doc: `the server is away for ${LONG_AWAY_MS / 1000} s, and back`,
      long: true,
      play: async (ground) =>
        withPlace(await remotePlace(kind, ground), (place) => playAway(ground, place, LONG_AWAY_MS)),
    },
  ]),
];

/** Makes faults that befall requests as chance has it. */
class Storm {
  /** How many have befallen one. */
  met = 0;
  readonly #place: BucketPlace;
  readonly #random: Random;
  /** The file that is singled out, when one is. */
  readonly #name: string;
  /** Requests for which it was drawn whether they are spared. */
  readonly #isSpared = new WeakMap<SeenRequest, boolean>();

  constructor(place: BucketPlace, random: Random, name: string) {
    this.#place = place;
    this.#random = random;
    this.#name = name;
  }

  /** So many of the requests that match meet a fault, as chance has it. */
  blow(times: number, faultOf: (of: Weather) => HttpFault, match: Match): void {
    for (let time = 0; time < times; time++) {
      this.#plan(faultOf(this.#weather), (request) => match(request) && !this.#spares(request), 1);
    }
  }

  /** All requests about one file meet a fault, from the first one on for a while. */
  blowAWhile(faultOf: (of: Weather) => HttpFault): void {
    const isOne = isAbout(this.#name);
    let until: number | null = null;
    const match: Match = (request) => {
      if (!isOne(request)) return false;
      until ??= performance.now() + FOR_A_WHILE_MS;
      return performance.now() < until;
    };
    this.#plan(faultOf(this.#weather), match, Number.POSITIVE_INFINITY);
  }

  #spares(request: SeenRequest): boolean {
    const isSpared = this.#isSpared.get(request) ?? this.#random() < SPARED;
    this.#isSpared.set(request, isSpared);
    return isSpared;
  }

  get #weather(): Weather {
    const random = this.#random;
    const bytes = () => Math.floor(between(random, 0, MOST_BYTES));
    return { random, bytes, answers: ANSWERS[this.#place.kind] };
  }

  #plan(fault: HttpFault, match: Match, times: number): void {
    const counted: Match = (request) => {
      const isMatch = match(request);
      if (isMatch) this.met++;
      return isMatch;
    };
    this.#place.http.plan(fault, counted, times);
  }
}

interface Weather {
  readonly random: Random;
  readonly answers: (typeof ANSWERS)[keyof typeof ANSWERS];
  /** A place in an answer. */
  bytes(): number;
}

async function playTrouble(
  ground: Ground,
  place: BucketPlace,
  begin: (storm: Storm) => void,
): Promise<Outcome> {
  const trial = await beginOn(ground, place);
  try {
    const storm = new Storm(place, ground.random, trial.load.files.at(-1)?.name ?? '');
    begin(storm);
    const { daemon, failures } = await endWell(trial, () => place.http.mend());
    const wrong = storm.met > 0 ? [] : ['no request met a fault'];
    return await trial.finish(daemon, [['requests that met a fault', storm.met], ...failures], wrong);
  } finally {
    await trial.close();
  }
}

async function playCuts(ground: Ground, place: RemotePlace): Promise<Outcome> {
  const { random, wishes } = ground;
  const trial = await beginOn(ground, place);
  const over = new AbortController();
  const cutting = (async () => {
    for (let cut = 0; cut < wishes.times && !over.signal.aborted; cut++) {
      await delay(between(random, 100, 600));
      if (random() < 0.5) place.network.cutAll();
      else place.network.resetAfter(Math.floor(between(random, 1, MOST_BYTES)));
    }
  })();
  try {
    const { daemon, failures } = await endWell(trial, () => over.abort());
    over.abort();
    await cutting;
    return await trial.finish(daemon, [['connections', place.network.connections], ...failures]);
  } finally {
    over.abort();
    await trial.close();
  }
}

async function playAway(ground: Ground, place: RemotePlace, ms: number): Promise<Outcome> {
  const trial = await beginOn(ground, place);
  const { network } = place;
  try {
    const daemon = trial.start();
    await daemon.waitFor('transaction committed', PATIENCE_MS);
    await delay(between(ground.random, 0, 300));
    network.refuse(Number.POSITIVE_INFINITY);
    network.cutAll();
    await delay(ms);
    network.refuse(0);
    const ended = await endWell(trial, () => {}, daemon);
    return await trial.finish(ended.daemon, ended.failures);
  } finally {
    await trial.close();
  }
}

function beginOn(ground: Ground, place: RemotePlace): Promise<Trial> {
  return Trial.begin(ground, {
    rows: ROWS,
    files: FILES,
    isMixed: true,
    place: new RemoteLoad(place),
    feed: { 'tasks.max': TASKS, 'transaction.boundary.interval.ms': 50 },
  });
}
