import { useEffect, useState } from 'preact/hooks';
import { useAnswer } from './answer.ts';
import { TableHead } from './table-head.tsx';

const COLUMNS = ['Key', 'Value', 'What it is'];

type Config = Readonly<Record<string, string>>;

/** Of `GET /connector-plugins/{name}/config`. */
interface OptionDoc {
  readonly name: string;
  readonly documentation: string | null;
}

/** A feed's configuration, with what each key means. */
export function ConfigTable({
  name,
  definedIn,
}: {
  readonly name: string;
  readonly definedIn: string | null;
}) {
  const config = useAnswer<Config>(`/connectors/${encodeURIComponent(name)}/config`);
  const docs = useDocs(config);
  if (config === null) return <p>Asking for the configuration …</p>;
  return (
    <>
      <p>
        {definedIn === null ? (
          'Made over REST.'
        ) : (
          <>
            As in <code>{definedIn}</code>; to change it, change that file.
          </>
        )}
      </p>
      <table>
        <TableHead columns={COLUMNS} />
        <tbody>
          {Object.entries(config).map(([key, value]) => (
            <tr key={key}>
              <th scope="row">
                <code>{key}</code>
              </th>
              <td data-label="Value">
                <code>{value}</code>
              </td>
              <td data-label="What it is">{docs[key]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** By key: the connector's options, and those of each plugin below its prefix. */
function useDocs(config: Config | null): Readonly<Record<string, string>> {
  const [docs, setDocs] = useState<Readonly<Record<string, string>>>({});
  useEffect(() => {
    if (config === null) return;
    for (const { type, prefix } of pluginsIn(config)) {
      fetch(`/connector-plugins/${encodeURIComponent(type)}/config`)
        .then(async (answer) => (answer.ok ? ((await answer.json()) as OptionDoc[]) : []))
        .then((options) => {
          const found = options.map(({ name, documentation }) => [prefix + name, documentation ?? '']);
          setDocs((before) => ({ ...before, ...Object.fromEntries(found) }));
        })
        // Without docs the values are worth showing all the same.
        .catch(() => {});
    }
  }, [config]);
  return docs;
}

function pluginsIn(config: Config): readonly { readonly type: string; readonly prefix: string }[] {
  return Object.entries(config).flatMap(([key, type]) => {
    if (key === 'connector.class') return [{ type, prefix: '' }];
    if (key === 'key.converter' || key === 'value.converter') return [{ type, prefix: `${key}.` }];
    const [, prefix] = /^((?:transforms|predicates)\.[^.]+\.)type$/.exec(key) ?? [];
    return prefix === undefined ? [] : [{ type, prefix }];
  });
}
