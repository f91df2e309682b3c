import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

/** What of one cluster is running: the server itself, and children, which may have outlived it. */
export interface ServerProcesses {
  readonly postmaster: number | null
  readonly children: readonly number[]
  /** It is still working through what an unclean end left behind, and has taken no connection yet. */
  readonly recovering: boolean
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
 * and `/proc/<pid>/cwd` may not be read by root in a container. A child that was forked a moment ago still
 * has the command line of its parent, so the server is the one whose parent has another.
 */
export async function serverProcesses(cluster: string): Promise<ServerProcesses> {
  const title = `postgres: ${clusterName(cluster)}: `
  const all = await listCommands()
  const named = all.filter(({ command }) => command.startsWith(title))
  const unnamed = all.filter(({ command }) => servesCluster(command, cluster))
  const heads = unnamed.filter(({ parent }) => unnamed.every(({ pid }) => pid !== parent))
  // Of several, those without children of their own have lost their parent and will end without being asked.
  const head = heads.find(({ pid }) => [...named, ...unnamed].some(({ parent }) => parent === pid)) ?? heads[0]
  return {
    postmaster: head?.pid ?? null,
    children: [...named, ...unnamed].filter((one) => one !== head).map(({ pid }) => pid),
    recovering: named.some(({ command }) => command.startsWith(`${title}startup`)),
  }
}

const servesCluster = (command: string, cluster: string): boolean =>
  /^\S*\/postgres\0/.test(command) && command.includes(`\0-D\0${cluster}\0`)

const PATIENCE_MS = 60_000
const ORPHANS_MS = 5_000

/**
 * Stops what runs on this cluster, and waits until all of it is gone: nothing may touch the shared memory
 * and the files any more when the next server starts. A server in good health is asked to end in good
 * order; one that is recovering is just ended, since it would end its recovery first and nothing can get
 * lost. Returns how many processes there were.
 */
export async function stopServer(cluster: string): Promise<number> {
  const [seen, asked] = [new Set<number>(), new Set<number>()]
  const began = Date.now()
  // Looked for twice: a child that was forked while the list was made is not in it.
  for (let absent = 0; absent < 2;) {
    const { postmaster, children, recovering } = await serverProcesses(cluster)
    const left = postmaster === null ? children : [postmaster, ...children]
    absent = left.length === 0 ? absent + 1 : 0
    if (left.length === 0) continue
    for (const pid of left) seen.add(pid)
    const waited = Date.now() - began
    if (postmaster === null) {
      for (const pid of children) signal(pid, waited > ORPHANS_MS ? 'SIGKILL' : 'SIGQUIT')
    } else if (recovering || waited > PATIENCE_MS) {
      signal(postmaster, waited > PATIENCE_MS + ORPHANS_MS * 2 ? 'SIGKILL' : 'SIGQUIT')
    } else if (!asked.has(postmaster)) {
      asked.add(postmaster)
      signal(postmaster, 'SIGINT')
    }
    await sleep(waited < 1_000 ? 25 : 250)
  }
  return seen.size
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

interface Process {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

/** Every process with its command line, the parts of which end in NUL as in Linux' `/proc`. */
async function listCommands(): Promise<Process[]> {
  if (process.platform !== 'linux') {
    const { stdout } = await promisify(execFile)('ps', ['-axww', '-o', 'pid=,ppid=,command='], { maxBuffer: 64 << 20 })
    return stdout.split('\n').flatMap((line) => {
      const [, pid, parent, command] = /^\s*(\d+)\s+(\d+) (.*)$/.exec(line) ?? []
      if (pid === undefined || command === undefined) return []
      const parts = command.startsWith('postgres: ') ? command : asParts(command)
      return [{ pid: Number(pid), parent: Number(parent), command: parts }]
    })
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  return Promise.all(
    pids.map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      const isServer = /^(?:postgres: |\S*\/postgres\0)/.test(command)
      return { pid: Number(pid), parent: isServer ? await parentOf(pid) : 0, command }
    }),
  )
}

async function parentOf(pid: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0)
}

/** `ps` joins arguments with spaces; only the two that name our cluster need to be told apart again. */
function asParts(command: string): string {
  return command.replace(/^(\S*\/postgres) -D (.*?) -p .*$/, '$1\0-D\0$2\0')
}
