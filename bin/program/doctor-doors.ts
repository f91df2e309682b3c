// What the doctor says of ports: whether one can be listened on, and whether the doors of channels stand where they should.
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { Config } from '#platform/config'
import { found, type Finding } from './finding.ts'

/** Null when it can be listened on, else the code of what is in the way. */
export function portProblem(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
    probe.listen(port, host, () => probe.close(() => resolve(null)))
  })
}

/** Ports of channels beside HTTP: with the program running they should be taken, by it. */
export async function checkDoors(config: Config, running: boolean): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [door, place] of Object.entries(config.doors)) {
    const what = `Door ${door}`
    if (place === null) {
      findings.push(...found(what, false, `closed; ${door.toUpperCase()}_IN_PORT opens it`))
      continue
    }
    const missing: string[] = []
    for (const file of place.tls ? [place.tls.keyFile, place.tls.certFile] : [])
      await access(file, constants.R_OK).catch(() => missing.push(file))
    const problem = await portProblem(place.port, place.host)
    const where = `${place.host}:${place.port}`
    const hears = config.roles.has('listener')
    if (missing.length > 0) findings.push(...found(what, true, `${missing.join(', ')} can’t be read`))
    else if (!hears) findings.push(...found(what, 'warn', `${where} is not opened here: ROLE has no listener`))
    else if (problem === 'EADDRINUSE')
      findings.push(
        ...found(
          what,
          running ? false : 'warn',
          `${where} is taken${running ? ', the program runs' : ': by Rapport itself, or set another port'}`,
        ),
      )
    else if (problem !== null) findings.push(...found(what, true, `${where} can't be listened on (${problem})`))
    else
      findings.push(
        ...found(
          what,
          running && 'warn',
          running ? `${where} is free although the program runs: no channel opens it` : `${where} is free`,
        ),
      )
  }
  return findings
}
