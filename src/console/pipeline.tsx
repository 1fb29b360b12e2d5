import type { FeedDetail, FeedShown, GroupShown } from '../rest/console/messages.ts';
import { count } from '../terminal/figures.ts';
import { short } from './figures.ts';

/** The way of rows, stage by stage, and where they leave it. */
export function Pipeline({
  feed: { rows },
  detail,
  group,
}: {
  readonly feed: FeedShown;
  readonly detail: FeedDetail;
  readonly group: GroupShown | null;
}) {
  // Of a feed that is in a file it is the one worker that has the file.
  const isShared = detail.definedIn === null && (group?.workers.length ?? 0) > 1;
  const since = isShared ? 'since the workers began' : 'since the worker began';
  const { stages, topics, deadLetterTopic } = detail;
  const written = Object.entries(topics).filter(([topic]) => topic !== deadLetterTopic);
  return (
    <section aria-label={`Pipeline, ${since}`}>
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
        {count(rows.read)} rows read {since}: {count(rows.produced)} written, {count(rows.filtered)} filtered,{' '}
        {count(rows.rejected)} rejected
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
