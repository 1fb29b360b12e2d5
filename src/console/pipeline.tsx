import type { FeedDetail, FeedShown } from '../rest/console/messages.ts';
import { count } from '../terminal/figures.ts';
import { short } from './figures.ts';

/** The way of rows, stage by stage, and where they leave it. */
export function Pipeline({
  feed: { rows },
  detail,
}: {
  readonly feed: FeedShown;
  readonly detail: FeedDetail;
}) {
  const { stages, topics, deadLetterTopic } = detail;
  const written = Object.entries(topics).filter(([topic]) => topic !== deadLetterTopic);
  return (
    <section aria-label="Pipeline, since the worker began">
      <ol class="pipeline">
        {stages.map(({ name, type, rejected }, index) => (
          <li key={name}>
            <b>{name}</b>
            <span>{type}</span>
            {index === 0 && <span>{short(rows.read)} read</span>}
            {rejected > 0 && <span class="bad">{count(rejected)} rejected</span>}
          </li>
        ))}
      </ol>
      <p class="outcome">
        {count(rows.read)} rows read since the worker began: {count(rows.produced)} written,{' '}
        {count(rows.filtered)} filtered, {count(rows.rejected)} rejected
        {deadLetterTopic !== null && ` to ${deadLetterTopic}`}.
      </p>
      {written.length > 0 && (
        <p class="outcome">
          Records by topic: {written.map(([topic, records]) => `${topic} ${count(records)}`).join(', ')}.
        </p>
      )}
    </section>
  );
}
