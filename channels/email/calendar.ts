// An invitation in a mail (RFC 5545), as far as a screen needs it: what, when, where, who asks.

export interface Invitation {
  /** REQUEST, REPLY, CANCEL …; absent where it says none. */
  readonly method?: string
  readonly summary?: string
  /** A moment (`…Z`), a local time with `timeZone`, or a day. */
  readonly start?: string
  readonly end?: string
  readonly timeZone?: string
  readonly organizer?: string
  readonly location?: string
}

const MOST = 256 * 1024
const LONGEST = 500

/** The first event of a calendar, or null where there is none. */
export function parseInvitation(ics: string): Invitation | null {
  const lines = ics
    .slice(0, MOST)
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]/g, '')
    .split('\n')
  const begin = lines.findIndex((line) => /^BEGIN:VEVENT\s*$/i.test(line))
  if (begin < 0) return null
  const length = lines.slice(begin).findIndex((line) => /^(?:END:VEVENT|BEGIN:VALARM)\s*$/i.test(line))
  const event = lines.slice(begin + 1, length < 0 ? undefined : begin + length)
  const start = lineOf(event, 'DTSTART')
  const organizer = lineOf(event, 'ORGANIZER')
  const timeZone = start && /;TZID="?([^";:]+)/i.exec(start.parameters)?.[1]
  const found = {
    method: lineOf(lines.slice(0, 200), 'METHOD')?.value.trim().toUpperCase(),
    summary: plain(lineOf(event, 'SUMMARY')?.value),
    start: moment(start?.value),
    end: moment(lineOf(event, 'DTEND')?.value),
    timeZone: timeZone?.slice(0, 100),
    organizer: organizer && organizerOf(organizer.parameters, organizer.value),
    location: plain(lineOf(event, 'LOCATION')?.value),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value)) as Invitation
}

function lineOf(
  lines: readonly string[],
  name: string,
): { readonly parameters: string; readonly value: string } | null {
  for (const line of lines) {
    if (line.slice(0, name.length).toUpperCase() !== name) continue
    const match = /^([^":]*(?:"[^"]*"[^":]*)*):(.*)$/s.exec(line.slice(name.length, name.length + 8_000))
    if (match && (match[1] === '' || match[1]!.startsWith(';'))) return { parameters: match[1]!, value: match[2]! }
  }
  return null
}

function plain(value: string | undefined): string | undefined {
  const text = value
    ?.replace(/\\[nN]/g, ' ')
    .replace(/\\([\\,;])/g, '$1')
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
  return text?.trim().slice(0, LONGEST)
}

function organizerOf(parameters: string, value: string): string | undefined {
  const name = /;CN=(?:"([^"]*)"|([^;:]*))/i.exec(parameters)
  const address = value.replace(/^mailto:/i, '').trim()
  const shown = plain(name?.[1] ?? name?.[2]) ?? ''
  return plain(shown && shown !== address ? `${shown} <${address}>` : address)
}

function moment(value: string | undefined): string | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?/.exec(value?.trim() ?? '')
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, zone] = match
  const date = `${year}-${month}-${day}`
  return hour === undefined ? date : `${date}T${hour}:${minute}:${second}${zone}`
}
