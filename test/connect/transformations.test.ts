import { describe, expect, test } from 'vitest';
import { allCases } from './cases/index.ts';
import { type ConnectCase, DROPPED, type Outcome, REFUSED, REJECTED } from './connect-case.ts';
import { wholeRecord } from './connect-form.ts';
import { comparable, fromConnect, type TimeForm } from './our-form.ts';
import { type Answer, questionOf, recordedAnswers } from './recorded.ts';
import { askOurs } from './run-ours.ts';

const answers = recordedAnswers();

/** What Kafka Connect does with a case, in our values. */
function connectsAnswer(one: ConnectCase): unknown {
  const answer: Answer | undefined = answers.get(questionOf(one));
  if (answer === undefined) throw new Error('not recorded; run node test/connect/record.ts');
  if ('rejected' in answer) return answer.rejected === 'configure' ? REFUSED : REJECTED;
  if ('dropped' in answer) return DROPPED;
  if ('met' in answer) return answer.met;
  const before = comparable(wholeRecord(one.record));
  return fromConnect(before, answer, (one.config['target.type'] ?? 'Timestamp') as TimeForm);
}

function whole(record: ConnectCase['record'], outcome: Outcome): unknown {
  if (typeof outcome === 'string') return outcome;
  return comparable({ ...wholeRecord(record), ...outcome });
}

function titleOf({ config, record }: ConnectCase): string {
  const asText = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);
  return JSON.stringify([config, record], asText).slice(1, -1);
}

describe.each([...new Set(allCases.map((one) => one.class))])('%s', (className) => {
  for (const one of allCases.filter((other) => other.class === className)) {
    const { differs, record } = one;
    if (differs === undefined) {
      test(`does as Kafka Connect: ${titleOf(one)}`, async () => {
        expect(await askOurs(one)).toEqual(connectsAnswer(one));
      });
    } else {
      test(`differs, since ${differs.because}: ${titleOf(one)}`, async () => {
        const ours = await askOurs(one);
        expect(ours).toEqual(whole(record, differs.ours));
        expect(ours).not.toEqual(connectsAnswer(one));
      });
    }
  }
});

test('nothing is recorded that is not asked', () => {
  const asked = new Set(allCases.map(questionOf));
  expect([...answers.keys()].filter((question) => !asked.has(question))).toEqual([]);
});
