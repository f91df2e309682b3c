// How long a Mastodon server takes a post to be, by its own rules: what a reader sees, links as 23, names without their server.
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

export function checkLength(text: string): number {
  const counted = text
    .replace(/https?:\/\/\S+/g, 'x'.repeat(23))
    .replace(/(?<![\w/])@([\w.-]*\w)@[\w.-]+(?::\d+)?/g, '@$1')
  return [...graphemes.segment(counted)].length
}
