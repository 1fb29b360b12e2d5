import { useEffect, useState } from 'preact/hooks';
import type { FileStatus } from '../offsets/file-status.ts';
import type { FeedShown, FilesPage } from '../rest/console/messages.ts';
import { bytes, count } from '../terminal/figures.ts';
import { useAnswer, useSettled } from './answer.ts';
import { type Command, CommandButton } from './commands.tsx';
import { dateText } from './figures.ts';
import { lastPage, Pages } from './paged.tsx';
import { StateBadge } from './state-badge.tsx';
import { TableHead } from './table-head.tsx';

const COLUMNS = ['File', 'State', 'Size', 'Rows', 'Rejected', 'Changed', 'Reason'];
const NUMBERS = ['Size', 'Rows', 'Rejected'];

const GIVEN_UP: ReadonlySet<FileStatus['state']> = new Set(['FAILED', 'QUARANTINED']);
/** As many as the worker gives at once. */
const FILES_ON_A_PAGE = 50;
/** Who types a name is not done with each letter. */
const TYPING_MS = 200;

interface FilesTableProps {
  readonly feed: FeedShown;
  readonly barred: string | null;
}

/** The files of a feed, what changed last first, a page at a time. */
export function FilesTable({ feed: { name, files: figures, tasks }, barred }: FilesTableProps) {
  const [state, setState] = useState('');
  const [words, setWords] = useState('');
  const [first, setFirst] = useState(0);
  const typed = useSettled(words, TYPING_MS);
  const query = new URLSearchParams({ feed: name, state, name: typed, from: `${first}` });
  const page = useAnswer<FilesPage>(`/console/files?${query}`, figures.version);
  const last = lastPage(page?.total ?? 0, FILES_ON_A_PAGE);
  useEffect(() => {
    // There may be fewer than there were.
    if (page !== null && first > last) setFirst(last);
  }, [page, first, last]);
  if (page === null) return <p>Asking for files …</p>;
  const { files, total, states } = page;
  const path = `/connectors/${encodeURIComponent(name)}/files`;
  const all: Command = {
    label: 'Try all failed files again',
    question: `Try all files of ${name} again that are FAILED?`,
    ...{ method: 'POST', path: `${path}/retry`, body: {} },
  };
  const isFailed = figures.failed > 0 || tasks.some((task) => task.state === 'FAILED');
  return (
    <>
      <div class="title">
        <FilesFilter
          states={states}
          state={state}
          words={words}
          onState={(one) => {
            setState(one);
            setFirst(0);
          }}
          onWords={(some) => {
            setWords(some);
            setFirst(0);
          }}
        />
        <CommandButton command={all} barred={barred ?? (isFailed ? null : 'none has failed')} />
      </div>
      {total === 0 && <p>No files.</p>}
      {!figures.areAll && <p>Those that changed last; those that failed are kept longest.</p>}
      {files.length > 0 && <Files files={files} path={path} barred={barred} />}
      <Pages
        first={Math.min(first, last)}
        size={FILES_ON_A_PAGE}
        total={total}
        what="files"
        onGo={setFirst}
      />
    </>
  );
}

interface FilesFilterProps {
  readonly states: FilesPage['states'];
  readonly state: string;
  readonly words: string;
  readonly onState: (state: string) => void;
  readonly onWords: (words: string) => void;
}

function FilesFilter({ states, state, words, onState, onWords }: FilesFilterProps) {
  const names = Object.keys({ ...states, ...(state !== '' && { [state]: 0 }) }).sort();
  return (
    <>
      <label class="filter">
        State
        <select value={state} onChange={({ currentTarget }) => onState(currentTarget.value)}>
          <option value="">all</option>
          {names.map((one) => (
            <option key={one} value={one}>
              {one} ({count(states[one] ?? 0)})
            </option>
          ))}
        </select>
      </label>
      <label class="filter">
        Name has
        <input type="search" value={words} onInput={({ currentTarget }) => onWords(currentTarget.value)} />
      </label>
    </>
  );
}

interface FilesProps {
  readonly files: readonly FileStatus[];
  readonly path: string;
  readonly barred: string | null;
}

function Files({ files, path, barred }: FilesProps) {
  return (
    <table>
      <TableHead columns={COLUMNS} numbers={NUMBERS} />
      <tbody>
        {files.map((file) => (
          <FileRow key={file.file} file={file} path={path} barred={barred} />
        ))}
      </tbody>
    </table>
  );
}

function FileRow({ file, path, barred }: { file: FileStatus; path: string; barred: string | null }) {
  const { state, size, position, rows, changed, error } = file;
  const retry: Command = {
    label: 'Try again',
    question: `Try ${file.file} again?${state === 'QUARANTINED' ? ' It is put back where it came from.' : ''}`,
    ...{ method: 'POST', path: `${path}/retry`, body: { files: [file.file] } },
  };
  return (
    <tr>
      <th scope="row">{file.file}</th>
      <td data-label="State">
        <StateBadge state={state} />
        {state === 'READING' && size !== null && size > 0 && (
          <progress max={size} value={Math.min(position, size)} aria-label={`Progress of ${file.file}`} />
        )}
      </td>
      <td data-label="Size" class="number">
        {size === null ? '' : bytes(size)}
      </td>
      <td data-label="Rows" class="number">
        {count(rows.read)}
      </td>
      <td data-label="Rejected" class={rows.rejected > 0 ? 'number bad' : 'number'}>
        {count(rows.rejected)}
      </td>
      <td data-label="Changed">{dateText(changed)}</td>
      <td data-label="Reason" class="reason">
        {error} {GIVEN_UP.has(state) && <CommandButton command={retry} barred={barred} />}
      </td>
    </tr>
  );
}
