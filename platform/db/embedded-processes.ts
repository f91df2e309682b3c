import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

/** What of one cluster is running: the server itself, and children that outlived it. */
export interface ServerProcesses {
  readonly postmaster: number | null
  readonly children: readonly number[]
}

/**
 * The name that every process of a cluster carries in its title (PostgreSQL's `cluster_name`), so that
 * a child whose parent was killed can still be told from the children of other servers.
 */
export function clusterName(cluster: string): string {
  return `rapport-${createHash('sha256').update(cluster).digest('hex').slice(0, 12)}`
}

/**
 * Finds the processes that serve the cluster in `cluster` (an absolute path). They are known by their
 * command lines and never by a remembered number alone: a number may belong to another program by now,
 * and `/proc/<pid>/cwd` may not be read by root in a container.
 */
export async function serverProcesses(cluster: string): Promise<ServerProcesses> {
  const title = `postgres: ${clusterName(cluster)}: `
  let postmaster: number | null = null
  const children: number[] = []
  for (const { pid, command } of await listCommands()) {
    if (command.startsWith(title)) children.push(pid)
    else if (/^\S*\/postgres\0/.test(command) && command.includes(`\0-D\0${cluster}\0`)) postmaster = pid
  }
  return { postmaster, children }
}

/**
 * Stops what an earlier program left running on this cluster, and waits until all of it is gone: nothing
 * may touch the shared memory and the files any more when the next server starts. Returns how many
 * processes there were.
 */
export async function stopServer(cluster: string): Promise<number> {
  const found = await serverProcesses(cluster)
  const count = found.children.length + (found.postmaster === null ? 0 : 1)
  if (found.postmaster !== null) signal(found.postmaster, 'SIGINT')
  else for (const pid of found.children) signal(pid, 'SIGQUIT')
  const began = Date.now()
  for (let left = found; left.postmaster !== null || left.children.length > 0; left = await serverProcesses(cluster)) {
    const waited = Date.now() - began
    if (left.postmaster === null) for (const pid of left.children) signal(pid, waited > 5_000 ? 'SIGKILL' : 'SIGQUIT')
    else if (waited > 60_000) signal(left.postmaster, 'SIGQUIT')
    await sleep(waited < 1_000 ? 25 : 250)
  }
  return count
}

/** Sends a signal; a process that is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/**
 * What tells a process from a later one with the same number: boot and start time. Null where there is no
 * such process.
 */
export async function processStart(pid: number): Promise<string | null> {
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ])
    // The name of the program stands in brackets and may hold spaces; the start is the 22nd field of all.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : `${boot.slice(0, 8)}.${fields[19]}`
  } catch (error) {
    if (process.platform === 'linux') {
      if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
      throw error
    }
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({
      stdout: '',
    }))
    return stdout.trim() === '' ? null : stdout.trim().replaceAll(/[^\w]+/g, '.')
  }
}

/** Every process with its command line, the parts of which end in NUL as in Linux' `/proc`. */
async function listCommands(): Promise<{ pid: number; command: string }[]> {
  if (process.platform !== 'linux') {
    const { stdout } = await promisify(execFile)('ps', ['-axww', '-o', 'pid=,command='], { maxBuffer: 64 << 20 })
    return stdout.split('\n').flatMap((line) => {
      const [, pid, command] = /^\s*(\d+) (.*)$/.exec(line) ?? []
      if (pid === undefined || command === undefined) return []
      return [{ pid: Number(pid), command: command.startsWith('postgres: ') ? command : asParts(command) }]
    })
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  return Promise.all(
    pids.map(async (pid) => ({
      pid: Number(pid),
      command: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    })),
  )
}

/** `ps` joins arguments with spaces; only the two that name our cluster need to be told apart again. */
function asParts(command: string): string {
  return command.replace(/^(\S*\/postgres) -D (.*?) -p .*$/, '$1\0-D\0$2\0')
}
