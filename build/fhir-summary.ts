// Which elements belong to a summary and which can change the meaning of others: `name`, `name!` for a modifier, `!name` for a
// modifier outside the summary. The reader of this notation is core/fhir/subset.ts.

interface SummaryDefinition {
  readonly name: string;
  readonly type: string;
  readonly kind: string;
  readonly abstract: boolean;
  readonly snapshot: {
    readonly element: readonly {
      readonly path: string;
      readonly max: string;
      readonly isSummary?: boolean;
      readonly isModifier?: boolean;
    }[];
  };
}

/** Resources and their backbone elements by path. Elements that every resource has are left to the reader. */
export function summaryTable(
  definitions: readonly SummaryDefinition[],
  resourceTypes: readonly string[],
): Record<string, string> {
  const table: Record<string, string> = {};
  for (const { type, kind, snapshot } of definitions.filter((d) => resourceTypes.includes(d.name))) {
    if (kind !== 'resource') continue;
    for (const { path, max, isSummary = false, isModifier = false } of snapshot.element) {
      const dot = path.lastIndexOf('.');
      const name = path.slice(dot + 1).replace('[x]', '');
      if (dot < 0 || max === '0' || (!isSummary && !isModifier)) continue;
      const parent = path.slice(0, dot);
      if (parent === type && ['id', 'meta', 'implicitRules', 'modifierExtension'].includes(name)) continue;
      const said = isSummary ? (isModifier ? `${name}!` : name) : `!${name}`;
      table[parent] = table[parent] === undefined ? said : `${table[parent]} ${said}`;
    }
  }
  return table;
}
