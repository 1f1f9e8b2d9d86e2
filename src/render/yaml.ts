/** No folding and no anchors: a line is a fact, and line tools can read it. */
export async function renderYaml(value: unknown): Promise<string> {
  const { default: yaml } = await import('yaml');
  return yaml.stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
