import { useEffect, useState } from 'preact/hooks';
import type { TapCounts, TapEvents, TappedRecord } from '../rest/tap/messages.ts';
import { count } from '../terminal/figures.ts';
import { parseExactJson } from '../values/exact-json.ts';
import { TableHead } from './table-head.tsx';

const COLUMNS = ['File', 'Row', 'Topic', 'Key', 'Value'];
const NUMBERS = ['Row'];
/** Of a page that is left open over night. */
const MOST_RECORDS = 200;

interface RecordTapProps {
  readonly name: string;
  readonly stages: readonly string[];
}

/** Samples of a feed's records as they pass a stage, from when somebody starts it until he stops it. */
export function RecordTap({ name, stages }: RecordTapProps) {
  const [chosen, setStage] = useState('');
  const [where, setWhere] = useState('');
  const [query, setQuery] = useState<string | null>(null);
  const tapped = useTap(name, query);
  const stage = chosen === '' ? (stages.at(-1) ?? '') : chosen;
  const isOn = query !== null && tapped.ended === null;
  const start = () => setQuery(`${new URLSearchParams({ stage, ...(where !== '' && { where }) })}`);
  return (
    <>
      <form
        class="title"
        onSubmit={(event) => {
          event.preventDefault();
          if (isOn) setQuery(null);
          else start();
        }}
      >
        <label class="filter">
          After stage
          <select
            value={stage}
            disabled={isOn}
            onChange={({ currentTarget }) => setStage(currentTarget.value)}
          >
            {stages.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <label class="filter">
          Where
          <input
            placeholder="field=value"
            value={where}
            disabled={isOn}
            onInput={({ currentTarget }) => setWhere(currentTarget.value)}
          />
        </label>
        <button type="submit" class="main">
          {isOn ? 'Stop' : 'Start'}
        </button>
      </form>
      <p role="status">{statusText(isOn, tapped)}</p>
      {tapped.ended !== null && <p class="trouble">{tapped.ended}</p>}
      {isOn &&
        tapped.counts?.silent.map((worker) => (
          <p key={worker} class="trouble">
            No records of {worker}
          </p>
        ))}
      {tapped.records.length > 0 && <Records records={tapped.records} />}
    </>
  );
}

function statusText(isOn: boolean, { counts, showsValues }: Tap): string {
  if (!isOn && counts === null)
    return 'Records are looked at while this runs; it costs the feed nothing else.';
  const seen = counts === null ? 'waiting for rows' : `${count(counts.rows)} rows came by`;
  const over = counts === null ? '' : `, ${count(counts.passedOver)} of them passed over`;
  const masked = showsValues ? '' : '; values are not shown (errors.log.include.values: false)';
  return `${isOn ? '' : 'Stopped: '}${seen}${over}${masked}.`;
}

function Records({ records }: { readonly records: readonly Numbered[] }) {
  return (
    <table>
      <TableHead columns={COLUMNS} numbers={NUMBERS} />
      <tbody>
        {records.map(({ number, record: { file, row, topic, key, value } }) => (
          <tr key={number}>
            <td data-label="File">{file}</td>
            <td data-label="Row" class="number">
              {count(row)}
            </td>
            <td data-label="Topic">{topic}</td>
            <td data-label="Key">{textOf(key)}</td>
            <td data-label="Value" class="value">
              <code>{JSON.stringify(value)}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function textOf(key: unknown): string {
  if (key === null) return '';
  return typeof key === 'string' ? key : JSON.stringify(key);
}

interface Numbered {
  readonly number: number;
  readonly record: TappedRecord;
}

interface Tap {
  /** Newest first. */
  readonly records: readonly Numbered[];
  readonly counts: TapCounts | null;
  readonly showsValues: boolean;
  /** Why it has ended by itself. */
  readonly ended: string | null;
}

const NOTHING: Tap = { records: [], counts: null, showsValues: true, ended: null };

/** @param query null: nobody looks; what was shown stays */
function useTap(name: string, query: string | null): Tap {
  const [tap, setTap] = useState(NOTHING);
  useEffect(() => {
    if (query === null) return undefined;
    setTap(NOTHING);
    let number = 0;
    const source = new EventSource(`/connectors/${encodeURIComponent(name)}/tap?${query}`);
    const on = (event: keyof TapEvents, take: (before: Tap, data: string) => Tap) =>
      source.addEventListener(event, ({ data }) => setTap((before) => take(before, data)));
    on('tapping', (before, data) => ({ ...before, ...JSON.parse(data) }));
    on('counts', (before, data) => ({ ...before, counts: JSON.parse(data) }));
    on('record', (before, data) => {
      const record = { number: number++, record: parseExactJson(data) as TappedRecord };
      return { ...before, records: [record, ...before.records].slice(0, MOST_RECORDS) };
    });
    const end = (ended: string) => {
      source.close();
      setTap((before) => ({ ...before, ended }));
    };
    source.addEventListener('end', ({ data }) => end((JSON.parse(data) as TapEvents['end']).reason));
    source.addEventListener('error', () => {
      // It is connected again by itself where the worker has only gone for a while.
      if (source.readyState === EventSource.CLOSED) void refusalOf(name, query).then(end);
    });
    return () => source.close();
  }, [name, query]);
  return tap;
}

/** What an EventSource does not tell: the worker's own sentence. */
async function refusalOf(name: string, query: string): Promise<string> {
  try {
    const end = new AbortController();
    const answer = await fetch(`/connectors/${encodeURIComponent(name)}/tap?${query}`, {
      signal: end.signal,
    });
    if (!answer.ok) return ((await answer.json()) as { message: string }).message;
    end.abort();
    return 'the tap has ended; start it again';
  } catch {
    return 'the worker does not answer';
  }
}
