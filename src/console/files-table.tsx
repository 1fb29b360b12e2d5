import { useState } from 'preact/hooks';
import type { FileStatus } from '../offsets/file-status.ts';
import type { FeedShown } from '../rest/console/messages.ts';
import { bytes, count } from '../terminal/figures.ts';
import { useAnswer } from './answer.ts';
import { type Command, CommandButton } from './commands.tsx';
import { dateText } from './figures.ts';
import { Paged } from './paged.tsx';
import { StateBadge } from './state-badge.tsx';
import { TableHead } from './table-head.tsx';

const COLUMNS = ['File', 'State', 'Size', 'Rows', 'Rejected', 'Changed', 'Reason'];
const NUMBERS = ['Size', 'Rows', 'Rejected'];

const FILES_ON_A_PAGE = 50;
const GIVEN_UP: ReadonlySet<FileStatus['state']> = new Set(['FAILED', 'QUARANTINED']);

interface FilesTableProps {
  readonly feed: FeedShown;
  readonly barred: string | null;
}

/** The files of a feed, what changed last first. */
export function FilesTable({ feed: { name, files: figures, tasks }, barred }: FilesTableProps) {
  const path = `/connectors/${encodeURIComponent(name)}/files`;
  const files = useAnswer<readonly FileStatus[]>(path, figures.version);
  const [state, setState] = useState('');
  if (files === null) return <p>Asking for files …</p>;
  const states = [...new Set(files.map((file) => file.state))].sort();
  const newest = files.filter((file) => state === '' || file.state === state).reverse();
  const all: Command = {
    label: 'Try all failed files again',
    question: `Try all files of ${name} again that are FAILED?`,
    ...{ method: 'POST', path: `${path}/retry`, body: {} },
  };
  const isFailed =
    files.some((file) => file.state === 'FAILED') || tasks.some((task) => task.state === 'FAILED');
  return (
    <>
      <div class="title">
        <label class="filter">
          State
          <select value={state} onChange={({ currentTarget }) => setState(currentTarget.value)}>
            <option value="">all</option>
            {states.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <CommandButton command={all} barred={barred ?? (isFailed ? null : 'none has failed')} />
      </div>
      {newest.length === 0 && <p>No files.</p>}
      {!figures.areAll && <p>The {count(files.length)} that changed last, those that failed first kept.</p>}
      <Paged items={newest} size={FILES_ON_A_PAGE} what="files">
        {(shown) => shown.length > 0 && <Files files={shown} path={path} barred={barred} />}
      </Paged>
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
