import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { systemCode } from './disk-failure.js';

/** The process and all that descend from it, itself first; [] where it is gone. */
export function processTree(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  const all = new Set<number>();
  for (const { pid: child, parent } of listProcesses()) {
    all.add(child);
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  if (!all.has(pid)) return [];
  const tree = [pid];
  for (const member of tree) tree.push(...(children.get(member) ?? []));
  return tree;
}

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
}

/** Linux tells by /proc (small images have no `ps`), other systems by `ps`. */
function listProcesses(): readonly ProcessEntry[] {
  return listByProc() ?? listByPs();
}

function listByProc(): readonly ProcessEntry[] | null {
  let names: readonly string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return null;
  }
  return names.length === 0 ? null : names.flatMap((name) => procEntry(Number(name)) ?? []);
}

function procEntry(pid: number): ProcessEntry | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // pid (name) state parent ...; the name may hold spaces and parentheses. A zombie has ended already.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? null : { pid, parent: Number(parent) };
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return null;
  }
}

function listByPs(): readonly ProcessEntry[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid, parent] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent) };
  });
}
