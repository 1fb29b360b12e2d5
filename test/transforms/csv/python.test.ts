import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import csv from '../../../transforms/csv/index.ts';
import { fakeFile, makeParser, pushAll, rowsOf } from '../support.ts';

/*
 * Python's csv is a reader and a writer that share nothing with csv-parse: it writes tables of chance in dialects of chance,
 * and reads lines in which quotes stand where they should not.
 */

const WRITE = `
import csv, io, json, random
random.seed(20260105)
cases = []
for _ in range(400):
    delimiter, quote = random.choice(',;\\t|'), random.choice('"\\'')
    escapes, isMinimal = random.random() < 0.3, random.random() < 0.3
    # With fewer quotes Python writes a line end that is not its own as if it were none.
    end = '\\r\\n' if isMinimal else random.choice(['\\n', '\\r\\n', '\\r'])
    width = random.randint(2, 4)
    text = lambda: ''.join(random.choice('ab é𝄞,;|"\\'\\\\\\n\\r#') for _ in range(random.randint(0, 5)))
    rows = [[text() for _ in range(width)] for _ in range(random.randint(1, 6))]
    out = io.StringIO()
    style = dict(doublequote=False, escapechar='\\\\', quoting=csv.QUOTE_ALL) if escapes else \\
        dict(quoting=csv.QUOTE_MINIMAL if isMinimal else csv.QUOTE_ALL)
    csv.writer(out, delimiter=delimiter, quotechar=quote, lineterminator=end, **style).writerows(rows)
    options = dict(delimiter=delimiter, quote=quote, escape='\\\\' if escapes else None)
    cases.append(dict(options=options, text=out.getvalue(), rows=rows))
for _ in range(400):
    width = random.randint(2, 4)
    cell = lambda: random.choice('ab5 ') + ''.join(random.choice('ab "\\'') for _ in range(random.randint(0, 5)))
    text = ''.join(','.join(cell() for _ in range(width)) + '\\n' for _ in range(random.randint(1, 6)))
    cases.append(dict(options=dict(relaxQuotes=True), text=text, rows=list(csv.reader(io.StringIO(text)))))
print(json.dumps(cases))
`;

interface Case {
  readonly options: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly rows: readonly (readonly string[])[];
}

const python = spawnSync('python3', ['-c', WRITE], { encoding: 'utf8', maxBuffer: 2 ** 26 });

it.skipIf(python.error !== undefined)('Cells are those of csv of Python, where that is installed', () => {
  expect(python.stderr).toBe('');
  for (const { options, text, rows } of JSON.parse(python.stdout) as Case[]) {
    const columns = (rows[0] as string[]).map((_, i) => `c${i}`);
    const parser = makeParser(csv, { ...options, header: false, columns, skipEmptyLines: false });
    const cells = rowsOf(pushAll(parser.open(fakeFile()), [Buffer.from(text)])).map(({ cells }) => cells);
    expect(cells, JSON.stringify({ options, text })).toEqual(rows);
  }
});
