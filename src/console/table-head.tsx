interface TableHeadProps {
  readonly columns: readonly string[];
  /** Those of them that hold numbers. */
  readonly numbers?: readonly string[];
}

/** The titles of a table's columns. */
export function TableHead({ columns, numbers = [] }: TableHeadProps) {
  return (
    <thead>
      <tr>
        {columns.map((title) => (
          <th key={title} scope="col" class={numbers.includes(title) ? 'number' : undefined}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}
