import { stringify } from 'yaml';

/** No folding and no anchors: a line is a fact, and line tools can read it. */
export const renderYaml = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
