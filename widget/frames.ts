// Server-sent events over fetch: unlike EventSource, it can carry the visitor's token in a header and never in an address.
export interface Frame {
  readonly event: string
  readonly id: string | null
  readonly data: string
}

/** Takes text as it arrives, cut anywhere; answers the frames that are whole. */
export function frameReader(): (text: string) => Frame[] {
  let rest = ''
  return (text) => {
    const parts = (rest + text).split('\n\n')
    rest = parts.pop() ?? ''
    return parts.flatMap((part) => {
      const field = (name: string): string | null =>
        part
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2) ?? null
      const data = field('data')
      return data === null ? [] : [{ event: field('event') ?? 'message', id: field('id'), data }]
    })
  }
}

/** Reads until the stream ends; rejects when it breaks, or when nothing, not even a heartbeat, came for `silenceMs`. */
export async function readFrames(
  response: Response,
  heard: (frame: Frame) => void,
  abort: AbortController,
  silenceMs = 50_000,
): Promise<void> {
  const reader = response.body!.getReader()
  const decoder = new TextDecoder()
  const next = frameReader()
  let silence: ReturnType<typeof setTimeout> | undefined
  try {
    for (;;) {
      clearTimeout(silence)
      silence = setTimeout(() => abort.abort(), silenceMs)
      const { done, value } = await reader.read()
      if (done) return
      next(decoder.decode(value, { stream: true })).forEach(heard)
    }
  } finally {
    clearTimeout(silence)
  }
}

/** How long to wait before the next try, in ms: doubles up to half a minute, never twice the same for two browsers. */
export function backOff(attempt: number, random: number = Math.random()): number {
  return Math.min(30_000, 1000 * 2 ** Math.min(attempt, 10)) * (0.5 + random / 2)
}
