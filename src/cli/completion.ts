import type { Manifest } from './manifest.js';
export const completionScript = (manifest: Manifest, shell: 'bash' | 'zsh' | 'fish'): string => `# ${shell} ${manifest.version}\n`;
