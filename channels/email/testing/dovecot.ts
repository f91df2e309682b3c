// A real Dovecot on the loopback with Maildirs in a folder of its own, which tests fill by writing files, stop and start again.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '#platform/testing/free-port'

const PROGRAM = ['/usr/sbin/dovecot', '/usr/local/sbin/dovecot'].find((path) => existsSync(path))

/** Why there is none, for tests to say when they are left out; null when there is one. */
export const noDovecot: string | null = PROGRAM === undefined ? 'Dovecot is not installed (apt: dovecot-imapd)' : null

export const DOVECOT_PASSWORD = 'open-sesame'

export interface Dovecot {
  readonly port: number
  /** Puts a mail into a folder ('' is the inbox), as if it had arrived at that moment. */
  put(user: string, folder: string, raw: string | Buffer, at?: Date): void
  /** How many files a folder holds, and how many of them somebody marked. */
  count(user: string, folder: string): { readonly all: number; readonly marked: number }
  /** Renumbers a folder: another UIDVALIDITY, counting from 1. Only while it is stopped. */
  renumber(user: string, folder: string): void
  start(): Promise<void>
  stop(): Promise<void>
  /** As a power cut does it: every line breaks where it is. */
  kill(): Promise<void>
  remove(): Promise<void>
}

export async function openDovecot(): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-dovecot-'))
  // It refuses to give mail to root: then all of it runs as nobody.
  const isRoot = process.getuid?.() === 0
  const owner = isRoot ? { uid: 65_534, gid: 65_534 } : { uid: process.getuid!(), gid: process.getgid!() }
  const name = (flag: string) => execFileSync('id', [flag, ...(isRoot ? ['nobody'] : [])], { encoding: 'utf8' }).trim()
  const own = (path: string): string => {
    if (isRoot) chownSync(path, owner.uid, owner.gid)
    return path
  }
  const make = (path: string): string => {
    if (!existsSync(path)) {
      mkdirSync(path, { mode: 0o755 })
      own(path)
    }
    return path
  }
  own(folder)
  const port = await freePort()
  const config = own(makeFile(join(folder, 'dovecot.conf'), configOf(folder, port, name('-un'), name('-gn'))))
  for (const part of ['run', 'state', 'mail']) make(join(folder, part))
  let master: ChildProcess | null = null
  let mails = 0
  let validity = 5000

  const maildir = (user: string, path: string): string => {
    const home = make(join(folder, 'mail', user))
    const inner = path === '' ? home : make(join(home, `.${path}`))
    for (const part of ['cur', 'new', 'tmp']) make(join(inner, part))
    return inner
  }

  const dovecot: Dovecot = {
    port,
    put(user, path, raw, at = new Date()) {
      const file = join(maildir(user, path), 'new', `${1_700_000_000 + mails}.M${++mails}.test`)
      own(makeFile(file, raw))
      utimesSync(file, at, at)
    },
    count(user, path) {
      const inner = maildir(user, path)
      const files = ['cur', 'new'].flatMap((part) => readdirSync(join(inner, part)))
      return { all: files.length, marked: files.filter((file) => /:2,.+/.test(file)).length }
    },
    renumber(user, path) {
      const inner = maildir(user, path)
      for (const file of readdirSync(inner)) if (file.startsWith('dovecot')) rmSync(join(inner, file), { force: true })
      own(makeFile(join(inner, 'dovecot-uidlist'), `3 V${++validity} N1\n`))
    },
    async start() {
      const child = spawn(PROGRAM!, ['-F', '-c', config], { stdio: 'ignore', detached: true, ...(isRoot && owner) })
      master = child
      for (let tries = 0; !(await answers(port)); tries++) {
        if (tries > 100 || child.exitCode !== null) throw new Error(`Dovecot did not start, see ${folder}/log`)
        await new Promise((later) => setTimeout(later, 50))
      }
    },
    async stop() {
      if (!master || master.exitCode !== null) return
      const gone = new Promise((done) => master!.once('exit', done))
      master.kill('SIGTERM')
      await gone
      master = null
      for (let tries = 0; tries < 100 && (await answers(port)); tries++)
        await new Promise((later) => setTimeout(later, 20))
    },
    async kill() {
      if (!master?.pid || master.exitCode !== null) return
      const gone = new Promise((done) => master!.once('exit', done))
      // Its children are in the group that it leads.
      process.kill(-master.pid, 'SIGKILL')
      await gone
      master = null
    },
    async remove() {
      await dovecot.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return dovecot
}

function configOf(folder: string, port: number, user: string, group: string): string {
  return `
protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
default_internal_user = ${user}
default_login_user = ${user}
default_internal_group = ${group}
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = maildir:${folder}/mail/%u
maildir_copy_with_hardlinks = yes
passdb {
  driver = static
  args = password=${DOVECOT_PASSWORD}
}
userdb {
  driver = static
  args = uid=${user} gid=${group} home=${folder}/mail/%u
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    special_use = \\Sent
    auto = subscribe
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`
}

function makeFile(path: string, content: string | Buffer): string {
  writeFileSync(path, content)
  return path
}

/** Whether somebody greets there. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.setTimeout(1000, () => socket.destroy())
    socket.once('data', () => resolve(socket.destroy() !== undefined))
    socket.once('error', () => resolve(false)).once('close', () => resolve(false))
  })
}
