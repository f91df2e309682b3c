import { spawn } from 'node:child_process'

/**
 * Stands for a server of PostgreSQL with one child, by the look of their command lines. Says each signal that it gets, ends at
 * those in `--ends-at`, and takes its child with it. `--child` is what the child's command line begins with.
 */
const word = (name: string): string =>
  process.argv.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3) ?? ''
const isChild = process.argv.includes('--is-child')
const child = isChild
  ? null
  : spawn(process.execPath, [...process.argv.slice(1), '--is-child'], { argv0: word('child'), stdio: 'inherit' })

for (const name of ['SIGINT', 'SIGQUIT', 'SIGTERM'] as const)
  process.on(name, () => {
    if (isChild) return
    process.stdout.write(`${name}\n`)
    if (!word('ends-at').split(',').includes(name)) return
    child?.kill('SIGKILL')
    process.exit(0)
  })
setInterval(() => {}, 1000)
if (isChild) process.stdout.write('ready\n')
