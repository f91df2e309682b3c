// Server-sent events read from a fetch: unlike EventSource it tells a refusal from a lost line, and hears the heartbeats.

export interface Frame {
  readonly id: string | null
  readonly event: string
  readonly data: string
}

/** Feeds on text as it comes, in pieces of any size, and hands on whole frames. Comments are dropped. */
export function createFrameParser(onFrame: (frame: Frame) => void): (text: string) => void {
  let rest = ''
  let id: string | null = null
  let event = 'message'
  let data: string[] = []
  const end = (): void => {
    if (data.length > 0) onFrame({ id, event, data: data.join('\n') })
    id = null
    event = 'message'
    data = []
  }
  const take = (line: string): void => {
    if (line === '') return end()
    const colon = line.indexOf(':')
    if (colon === 0) return
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'id') id = value
    else if (field === 'event') event = value
    else if (field === 'data') data.push(value)
  }
  return (text) => {
    rest += text
    const lines = rest.split(/\r\n|\n/)
    // A lone CR at the end may be half of a CRLF; it waits with the unfinished line.
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  }
}
