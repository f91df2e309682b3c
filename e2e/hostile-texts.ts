// What attackers write, in every place that takes words: each text carries the name of its place, so that it can be looked for.

/** Short enough for a tag. Each runs, or calls out, in a page that takes it for anything but text. */
export const shortTexts = [
  '<svg onload=__pwned=1>',
  '<img src onerror=__pwned=1>',
  '"><svg onload=__pwned=1>',
  '<b onclick=__pwned=1 id=pwned>',
  `'-(__pwned=1)-'`,
] as const

export const longTexts = (canary: string): readonly string[] => [
  `<img src=x onerror="window.__pwned='img'">`,
  `<script>window.__pwned='script'</script>`,
  `</title></textarea></style></script><script>window.__pwned='closed'</script>`,
  `<a id=pwned href="javascript:window.__pwned='link'" autofocus onfocus="window.__pwned='focus'">x</a>`,
  `javascript:window.__pwned='address'//https://a.example`,
  `[click](javascript:window.__pwned='markdown') ![p](${canary}/markdown.png)`,
  `<iframe id=pwned srcdoc="<script>parent.__pwned='frame'</script>"></iframe>`,
  `<math><mtext></table></math><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=__pwned=1&gt;">`,
  `{{constructor.constructor('window.__pwned=1')()}} \${window.__pwned=1}`,
  `<img src="${canary}/pixel.gif"><link rel=stylesheet href="${canary}/a.css"><base href="${canary}/">`,
  `<style>@import '${canary}/import.css'; * { background: url(${canary}/background) }</style>`,
  `<meta http-equiv=refresh content="0;url=${canary}/refresh">`,
  `<object id=pwned data="${canary}/object"></object><embed id=pwned src="${canary}/embed">`,
  `<details open ontoggle="window.__pwned='toggle'"><template shadowrootmode=open><slot onslotchange=__pwned=1>`,
]

export interface Places {
  /** A hostile text for this place, no longer than `most`; remembered. */
  at(place: string, most?: number): string
  /** Place → text. */
  readonly all: ReadonlyMap<string, string>
}

export function openPlaces(canary: string): Places {
  const all = new Map<string, string>()
  const long = longTexts(canary)
  return {
    all,
    at(place, most = 1000) {
      const mark = ` ${place}`
      const fitting = [...(most > 300 ? long : []), ...shortTexts].filter((text) => text.length + mark.length <= most)
      const text = fitting[all.size % fitting.length]
      if (text === undefined) throw new Error(`no hostile text is short enough for ${place}`)
      all.set(place, text + mark)
      return text + mark
    },
  }
}
