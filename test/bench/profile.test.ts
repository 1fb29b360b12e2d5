import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CpuProfile, hasScript, sumProfile } from '../../bench/profile/sum-profile.ts';

/** Recorded from a task's thread, then cut down to a sample of each kind. */
const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/task-profile.json'), 'utf8'),
) as CpuProfile;

test('each sample of a recorded profile counts for its stage', () => {
  expect(Object.fromEntries(sumProfile(recorded).stages)).toEqual({
    startup: 28 + 1091 + 2230,
    read: 1061,
    parse: 1306,
    transform: 1033,
    encode: 1742 + 1134 + 1799,
    send: 1323 + 917,
    gc: 1095,
    other: 1211,
    idle: 1092,
  });
});

test('nothing of the recorded time is lost', () => {
  const { stages, scripts } = sumProfile(recorded);
  const total = recorded.timeDeltas.slice(1).reduce((sum, micros) => sum + micros, 0);
  expect(sumOf(stages)).toBe(total);
  expect(sumOf(scripts)).toBe(total);
});

test('scripts without a stage and native code work for whoever called them', () => {
  const { stages } = sumProfile(stackOf('file:///h/dist/src/converters/json/index.js', 'node:buffer', ''));
  expect(Object.fromEntries(stages)).toEqual({ encode: 100 });
});

test('the stage nearest to the top counts', () => {
  const { stages } = sumProfile(
    stackOf(
      'file:///h/dist/src/runtime/stages/parse-stream.js',
      'node:internal/streams/transform',
      'file:///h/dist/src/sink/kafka-sink.js',
    ),
  );
  expect(Object.fromEntries(stages)).toEqual({ encode: 100 });
});

test('what runs while modules are loaded is startup', () => {
  const { stages } = sumProfile(
    stackOf('node:internal/modules/esm/module_job', 'file:///h/dist/src/kafka/records/murmur2.js'),
  );
  expect(Object.fromEntries(stages)).toEqual({ startup: 100 });
});

test("a task's profile is told by its script", () => {
  const profile = stackOf('file:///h/dist/src/runtime/task/task-thread.js');
  expect(hasScript(profile, '/task-thread.')).toBe(true);
  expect(hasScript(profile, '/main.')).toBe(false);
});

/** One sample of 100 µs whose stack has these scripts, the bottom first. */
function stackOf(...urls: readonly string[]): CpuProfile {
  const frames = ['', ...urls];
  const nodes = frames.map((url, id) => ({
    id,
    callFrame: { functionName: id === 0 ? '(root)' : 'f', url },
    ...(id + 1 < frames.length ? { children: [id + 1] } : {}),
  }));
  const top = frames.length - 1;
  return { nodes, samples: [top, top], timeDeltas: [0, 100] };
}

function sumOf(times: ReadonlyMap<unknown, number>): number {
  return [...times.values()].reduce((sum, micros) => sum + micros, 0);
}
