import { stringifyJson } from '../model/json.js';

export const renderJson = (value: unknown): string => `${stringifyJson(value, 2)}\n`;
