import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type SftpServer, startSftp } from '../../support/sftp.ts';
import type { Lines } from '../feed-lines.ts';
import { ChaosFolder } from '../folder/drop-folder.ts';
import { FolderTrial } from '../folder/folder-trial.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { between } from '../random.ts';
import { endWell } from '../remote/end-well.ts';
import { RemoteLoad } from '../remote/remote-load.ts';
import { type SftpPlace, sftpPlace } from '../remote/remote-place.ts';
import { Trial } from '../trial.ts';
import { FILE_CHANGES, playChange, playRandom, withTrial } from './folder-faults.ts';
import { PATIENCE_MS, playFinishing, withPlace } from './store-kill-faults.ts';
import { playRedrops, playSkew, playStall, type UploadPlace } from './upload-faults.ts';

const USER = { name: 'alice', password: "alice's password" };
const SETTLE_MS = 300;
const ROWS = 100_000;
const FILES = 6;
const RESTARTS = 3;

export const SFTP_FAULTS: readonly Fault[] = [
  ...FILE_CHANGES.flatMap(({ name, doc, act }): Fault[] =>
    [false, true].map((stopped) => ({
      name: `sftp-${name}${stopped ? '-stopped' : ''}`,
      doc: `${doc} ${stopped ? 'while the worker is down' : 'while it is read'}`,
      play: (ground) =>
        onServer(ground, { 'transaction.boundary': 'poll' }, ({ trial }) =>
          playChange(ground, trial, act, stopped),
        ),
    })),
  ),
  {
    name: 'sftp-random',
    doc: 'write, append, rewrite, cut, rename, remove, pause, kill and start in random order (--steps N)',
    times: 100,
    play: (ground) => onServer(ground, {}, ({ trial }) => playRandom(ground, trial)),
  },
  ...(
    [
      [
        'sftp-upload-stalls',
        'an upload stalls and goes on, by chance after its file was put away',
        playStall,
      ],
      ['sftp-redrop', 'a file comes again with its name, size and time, changed or the same', playRedrops],
      ['sftp-clock', 'files are written slowly while the clock of the server is ten minutes off', playSkew],
    ] as const
  ).map(
    ([name, doc, play]): Fault => ({
      name,
      doc,
      play: (ground) => onServer(ground, null, play),
    }),
  ),
  {
    name: 'sftp-restarted',
    doc: 'SIGKILL of the server, and it comes back, again and again',
    times: RESTARTS,
    play: (ground) => onOwnServer(ground, {}, playRestarts),
  },
  {
    name: 'sftp-host-key-changed',
    doc: 'the server comes back with another host key: it is refused until known_hosts is mended',
    play: (ground) => onOwnServer(ground, {}, playHostKey),
  },
  {
    name: 'sftp-plain-kill-finishing',
    doc: 'SIGKILL while files are put away, on a server without extensions',
    times: 4,
    play: (ground) => onOwnServer(ground, { extensions: false }, playFinishing),
  },
];

/** A trial on a folder of the shared server, whose files are written on its disk. `feed` null: they are put away. */
async function onServer(
  ground: Ground,
  feed: Lines | null,
  play: (place: UploadPlace) => Promise<Outcome>,
): Promise<Outcome> {
  return withPlace(await sftpPlace(ground), async (place) => {
    const folder = new ChaosFolder(place.store.onDisk, ground.random);
    await folder.make();
    await rm(folder.at('.keep'));
    const lines = { ...place.feed, 'settle.ms': SETTLE_MS, ...(feed ?? place.finished) };
    const finished = join(place.store.onDisk, 'done');
    const trial = await FolderTrial.watching(ground, folder, { feed: lines, env: {} });
    return withTrial(trial, () => play({ trial, ground, finished }));
  });
}

/** On a server that may come to harm. */
async function onOwnServer(
  ground: Ground,
  options: { readonly extensions?: boolean },
  play: (ground: Ground, place: SftpPlace, server: SftpServer) => Promise<Outcome>,
): Promise<Outcome> {
  const server = await startSftp({ users: [USER], ...options });
  try {
    const { host, port, root, hostKey, knownHostsLine } = server;
    const { name: user, password } = USER;
    const given = { user, password, privateKey: '', host, port, root, hostKey, knownHostsLine };
    return await withPlace(await sftpPlace(ground, given), (place) => play(ground, place, server));
  } finally {
    await server.stop();
  }
}

function beginOn(ground: Ground, place: SftpPlace): Promise<Trial> {
  return Trial.begin(ground, {
    rows: ROWS,
    files: FILES,
    isMixed: true,
    staged: true,
    place: new RemoteLoad(place),
    feed: { 'tasks.max': 2, 'transaction.boundary.interval.ms': 50 },
  });
}

async function playRestarts(ground: Ground, place: SftpPlace, server: SftpServer): Promise<Outcome> {
  const { random, wishes } = ground;
  const trial = await beginOn(ground, place);
  try {
    const daemon = trial.start();
    const files = [...trial.load.files];
    for (let restart = 0; restart < wishes.times; restart++) {
      for (const file of files.splice(0, Math.ceil(FILES / wishes.times))) await trial.load.drop(file);
      await delay(between(random, 200, 1500));
      await server.kill();
      await delay(between(random, 0, 1500));
      await server.start();
    }
    for (const file of files) await trial.load.drop(file);
    const ended = await endWell(trial, () => {}, daemon);
    return await trial.finish(ended.daemon, [['restarts of the server', wishes.times], ...ended.failures]);
  } finally {
    await trial.close();
  }
}

async function playHostKey(ground: Ground, place: SftpPlace, server: SftpServer): Promise<Outcome> {
  const trial = await beginOn(ground, place);
  try {
    const [first, ...others] = trial.load.files;
    if (first !== undefined) await trial.load.drop(first);
    const daemon = trial.start();
    await daemon.waitFor('file completed', PATIENCE_MS);
    await server.changeHostKey();
    for (const file of others) await trial.load.drop(file);
    const told = await daemon.waitFor(
      ({ msg, error }) => msg !== 'file completed' && /known_hosts/.test(JSON.stringify(error ?? '')),
      PATIENCE_MS,
    );
    const wrong =
      (await trial.load.finished()).length > 1 ? ['files came from a server with another key'] : [];
    await writeFile(
      join(ground.folder, 'known_hosts'),
      `[127.0.0.1]:${place.network.port} ${server.hostKey}\n`,
    );
    const ended = await endWell(trial, () => {}, daemon);
    const facts = [['refused with', JSON.stringify(told.error).slice(0, 160)], ...ended.failures] as const;
    return await trial.finish(ended.daemon, facts, wrong);
  } finally {
    await trial.close();
  }
}
