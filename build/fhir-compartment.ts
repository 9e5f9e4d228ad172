// The official patient compartment to `Type: path,path…`: the references that make a resource part of a person's record.

export interface CompartmentDefinition {
  readonly resource: readonly { readonly code: string; readonly param?: readonly string[] }[];
}

export function compartmentTable(
  definition: CompartmentDefinition,
  search: Readonly<Record<string, string>>,
): Record<string, string> {
  const table: Record<string, string> = {};
  for (const { code, param } of definition.resource) {
    if (param === undefined || search[code] === undefined) continue;
    const paths = param.flatMap((name) => referencePaths(search[code] ?? '', name));
    if (paths.length === 0) throw new Error(`${code}: no paths for ${param.join(', ')}`);
    table[code] = [...new Set(paths)].join(',');
  }
  return table;
}

function referencePaths(parameters: string, name: string): string[] {
  const parameter = parameters.split(';').find((text) => text.startsWith(`${name} reference`));
  const paths = parameter?.split(' ')[2]?.split(',') ?? [];
  return paths.filter((p) => /:Reference/.test(p)).map((p) => p.replace(/:.*$/, ''));
}
