import { pino, type DestinationStream, type Logger } from 'pino'
import type { Config } from './config.ts'

export type { Logger } from 'pino'

const hidden = '[redacted]'
const secretNames =
  /authorization|cookie|passw|passphrase|token|secret|credential|api[-_]?key|access[-_]?key|private[-_]?key|\botp|totp/i
const userInfo = /([a-z][a-z0-9+.-]*:\/\/[^\s/:@"]*):[^\s/@"]+@/gi
const bearer = /\b(bearer|basic)\s+[\w.~+/=-]+/gi
const query = /([?&](?:[\w-]*(?:token|secret|password|signature)|code|state|key|sig)=)[^&\s"#\\]+/gi
const suspicious = new RegExp(
  `${secretNames.source}|bearer|basic |:\\/\\/[^\\s"]*@|[?&](code|state|key|sig|[\\w-]*signature)=`,
  'i',
)

/**
 * Makes the program's logger: one JSON object a line, to standard output or to `destination`. Whatever is
 * called like a secret is hidden at every depth, and so are passwords in addresses, bearer tokens and secret
 * query parameters inside texts. It works on the finished line, so it holds for serialised errors, requests
 * and child loggers too. Pass the logger on as a value.
 */
export function createLog(config: Pick<Config, 'logLevel'>, destination?: DestinationStream): Logger {
  const options = {
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: redactLine },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

/** A line of JSON without its secrets; most lines hold nothing suspicious and pass as they are. */
function redactLine(line: string): string {
  if (!suspicious.test(line)) return line
  try {
    return `${JSON.stringify(redact(JSON.parse(line)))}\n`
  } catch {
    return `${JSON.stringify({ level: 'error', msg: 'a line that could not be checked for secrets was left out' })}\n`
  }
}

function redact(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value)
  if (Array.isArray(value)) return value.map(redact)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isHidden(name, inner) ? hidden : redact(inner)]),
  )
}

/** Whether there is a token may be said; what it is may not. */
function isHidden(name: string, value: unknown): boolean {
  return secretNames.test(name) && value !== null && typeof value !== 'boolean'
}

/** A text without the passwords, bearer tokens and secret query parameters in it. */
function redactText(text: string): string {
  return text.replace(userInfo, `$1:${hidden}@`).replace(bearer, `$1 ${hidden}`).replace(query, `$1${hidden}`)
}
